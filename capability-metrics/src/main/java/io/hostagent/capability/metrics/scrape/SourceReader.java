// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.scrape;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Scheduler;
import io.hostagent.capability.metrics.sample.SampleSet;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one source, once for all who ask for the same at the same time, and never twice at once.
 *
 * <p>A reading is given to others for a little less than a second from its beginning: two servers
 * that scrape side by side share it, and one that scrapes each second gets new numbers each time.
 */
final class SourceReader {

    /** How old what is given to others may be. */
    static final Duration SHARED = Duration.ofMillis(900);

    /** How much longer than it was given a source is waited for. */
    static final Duration GRACE = Duration.ofMillis(250);

    /** How long before its deadline a client that waits for more is given what there is. */
    private static final long MARGIN = Duration.ofMillis(20).toNanos();

    /** Readings that are kept, and readings that wait: they differ in the collectors they want. */
    private static final int MOST = 16;

    private static final Logger log = LoggerFactory.getLogger(SourceReader.class);

    private final MetricSource source;
    private final Executor threads;
    private final AsyncCache<ScrapeRequest, Reading> readings;
    private CompletableFuture<?> last = CompletableFuture.completedFuture(true);
    private int waiting;
    private boolean reading;
    private long due;
    private boolean reported;

    /**
     * Prepares to read a source.
     *
     * @param threads on which it is read; they are never interrupted
     * @param later throws away what is kept when its time is over, so that nothing is held of what
     *     nobody asks for any more
     */
    SourceReader(MetricSource source, Executor threads, Scheduler later) {
        this.source = source;
        this.threads = threads;
        this.readings =
                Caffeine.newBuilder()
                        .maximumSize(MOST)
                        .expireAfter(
                                Expiry.<ScrapeRequest, Reading>creating(
                                        (request, made) -> left(made)))
                        .executor(Runnable::run)
                        .scheduler(later)
                        .buildAsync();
    }

    private static Duration left(Reading made) {
        Duration age = Duration.ofNanos(System.nanoTime() - made.began());
        return age.compareTo(SHARED) < 0 ? SHARED.minus(age) : Duration.ZERO;
    }

    MetricSource source() {
        return source;
    }

    /**
     * Reads, or joins whoever does.
     *
     * @param deadline by {@link System#nanoTime()}. A reading for somebody who has less time is
     *     joined, and when that has cut it short the source is read anew, if there is time for
     *     more.
     * @return fails with whatever the source throws, and with a {@link TimeoutException} when there
     *     is no time for it, or when it has long been due with an earlier reading
     */
    CompletableFuture<Reading> read(ScrapeRequest request, long deadline) {
        if (isOverdue()) {
            return CompletableFuture.failedFuture(
                    new TimeoutException("it has not come back from an earlier scrape"));
        }
        CompletableFuture<Reading> shared =
                readings.get(request, (key, executor) -> begin(key, deadline));
        return shared.handle(
                        (reading, failed) ->
                                isEnough(reading, failed, deadline)
                                        ? shared
                                        : again(shared, reading, request, deadline))
                .thenCompose(Function.identity());
    }

    /** Whether there is no time to get more. */
    private static boolean isEnough(
            @Nullable Reading reading, @Nullable Throwable failed, long deadline) {
        long left = deadline - System.nanoTime();
        if (reading != null) {
            return !reading.wasCutShort() || left <= reading.took() + MARGIN;
        }
        boolean turnMissed =
                failed instanceof CompletionException
                        && failed.getCause() instanceof TimeoutException;
        return !turnMissed || left <= 0;
    }

    /** Reads anew; what there is already counts when nothing better comes in time. */
    private CompletableFuture<Reading> again(
            CompletableFuture<Reading> shared,
            @Nullable Reading former,
            ScrapeRequest request,
            long deadline) {
        readings.asMap().remove(request, shared);
        CompletableFuture<Reading> next = read(request, deadline);
        if (former == null) {
            return next;
        }
        return next.exceptionally(late -> former)
                .completeOnTimeout(
                        former, deadline - MARGIN - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    private synchronized boolean isOverdue() {
        if (!reading || System.nanoTime() - due < GRACE.toNanos()) {
            return false;
        }
        if (!reported) {
            reported = true;
            log.warn(
                    "The metrics of '{}' do not come to an end: the others go on without them",
                    source.name());
        }
        return true;
    }

    private synchronized CompletableFuture<Reading> begin(ScrapeRequest request, long deadline) {
        if (waiting >= MOST) {
            return CompletableFuture.failedFuture(
                    new RejectedExecutionException("too many different requests wait for it"));
        }
        waiting++;
        CompletableFuture<Reading> next =
                last.handle((done, failed) -> request)
                        .thenComposeAsync(now -> readNow(now, deadline), threads)
                        .whenComplete((done, failed) -> ended(failed));
        last = next;
        return next;
    }

    private CompletableFuture<Reading> readNow(ScrapeRequest request, long deadline) {
        long began = System.nanoTime();
        if (began - deadline >= 0) {
            return CompletableFuture.failedFuture(
                    new TimeoutException("its turn did not come in time"));
        }
        begun(deadline);
        List<SampleSet> sets = source.scrape(request, deadline);
        return CompletableFuture.completedFuture(
                new Reading(sets, began, System.nanoTime() - began, deadline));
    }

    private synchronized void begun(long deadline) {
        reading = true;
        due = deadline;
    }

    private synchronized void ended(@Nullable Throwable failed) {
        Throwable cause = failed == null ? null : failed.getCause();
        if (reading && cause != null && !reported) {
            log.error("The metrics of '{}' failed", source.name(), cause);
        }
        reported = reading && cause != null;
        reading = false;
        waiting--;
    }
}
