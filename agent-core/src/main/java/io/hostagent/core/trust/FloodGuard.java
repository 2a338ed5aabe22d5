// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.trust;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.RemovalListener;
import com.github.benmanes.caffeine.cache.Scheduler;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the lines that refusals may cost, in disk and in memory. Each remote address has a few
 * lines a minute, and all together have a few hundred; what is beyond that is counted, and the
 * count is reported when the minute of that address is over. The addresses are in a bounded cache,
 * which wakes up only while it holds some.
 */
final class FloodGuard {

    static final int LINES_OF_ONE = 5;
    static final int LINES_OF_ALL = 300;

    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final int MOST_ADDRESSES = 1_000;
    private static final String ALL = "all";

    private static final class Count {
        private final AtomicLong passed = new AtomicLong();
        private final AtomicLong suppressed = new AtomicLong();

        boolean passes(int most) {
            if (passed.get() < most && passed.getAndIncrement() < most) {
                return true;
            }
            suppressed.getAndIncrement();
            return false;
        }
    }

    private final ObjLongConsumer<String> report;
    private final LoadingCache<String, Count> counts;

    /** Of its own, so that no number of addresses can push it out. */
    private final LoadingCache<String, Count> total;

    FloodGuard(ObjLongConsumer<String> report) {
        this(report, Ticker.systemTicker());
    }

    FloodGuard(ObjLongConsumer<String> report, Ticker ticker) {
        this.report = report;
        this.total = counts(1, ticker, (host, count, cause) -> reportTotal(count));
        this.counts = counts(MOST_ADDRESSES, ticker, this::reportOne);
    }

    /** Whether one more line may be written about an address. */
    boolean passes(String host) {
        return counts.get(host).passes(LINES_OF_ONE) && total.get(ALL).passes(LINES_OF_ALL);
    }

    /** Reports what is due; happens by itself a little later. */
    void cleanUp() {
        counts.cleanUp();
        total.cleanUp();
    }

    private void reportOne(@Nullable String host, @Nullable Count count, RemovalCause cause) {
        if (host == null || count == null || count.suppressed.get() == 0) {
            return;
        }
        if (cause == RemovalCause.EXPIRED && total.get(ALL).passes(LINES_OF_ALL)) {
            report.accept(host, count.suppressed.get());
        } else {
            total.get(ALL).suppressed.addAndGet(count.suppressed.get());
        }
    }

    private void reportTotal(@Nullable Count count) {
        if (count != null && count.suppressed.get() > 0) {
            report.accept(ALL, count.suppressed.get());
        }
    }

    private static LoadingCache<String, Count> counts(
            int most, Ticker ticker, RemovalListener<String, Count> removed) {
        return Caffeine.newBuilder()
                .maximumSize(most)
                .expireAfterWrite(WINDOW)
                .ticker(ticker)
                .scheduler(Scheduler.systemScheduler())
                .executor(Runnable::run)
                .removalListener(removed)
                .build(host -> new Count());
    }
}
