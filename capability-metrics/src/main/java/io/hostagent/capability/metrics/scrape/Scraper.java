// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.scrape;

import io.hostagent.capability.metrics.sample.SampleSet;
import io.hostagent.core.concurrent.DiskThreads;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Reads the sources of metrics beside each other, each of them once for all who ask at the same
 * time. Nothing is read, and nothing kept, while nobody asks.
 */
public final class Scraper implements AutoCloseable {

    /** Threads that write answers, beside one for each source that is read. */
    private static final int WRITERS = 4;

    private final DiskThreads threads;
    private final List<SourceReader> readers;
    private volatile @Nullable EventLoop lastLoop;

    /** Prepares to read. */
    public Scraper(List<MetricSource> sources) {
        this.threads = new DiskThreads("agent-scrape-", sources.size() + WRITERS);
        this.readers =
                sources.stream()
                        .map(source -> new SourceReader(source, threads, this::later))
                        .toList();
    }

    /** Old readings are thrown away on the event loop of whoever was the last to ask for some. */
    private Future<?> later(Executor executor, Runnable clean, long delay, TimeUnit unit) {
        EventLoop loop = lastLoop;
        return loop == null || loop.isShuttingDown()
                ? CompletableFuture.completedFuture(true)
                : loop.schedule(() -> executor.execute(clean), delay, unit);
    }

    /** Threads on which what was read can be written down; there are none while nobody asks. */
    public DiskThreads threads() {
        return threads;
    }

    /** All that can be read. */
    public List<MetricSource> sources() {
        return readers.stream().map(SourceReader::source).toList();
    }

    /**
     * Reads some sources.
     *
     * @param limit how long that may take; what is not there then is left out
     * @param loop on which the subscriber gets what was found, by every thread that found something
     */
    public Mono<List<SampleSet>> scrape(
            Predicate<MetricSource> which, ScrapeRequest request, Duration limit, EventLoop loop) {
        lastLoop = loop;
        List<SourceReader> wanted =
                readers.stream().filter(reader -> which.test(reader.source())).toList();
        return Mono.create(
                sink -> {
                    Gathering gathering = new Gathering(wanted, loop, sink);
                    long deadline = System.nanoTime() + limit.toNanos();
                    sink.onCancel(() -> loop.execute(gathering::cancel));
                    loop.execute(() -> gathering.start(request, deadline));
                });
    }

    @Override
    public void close() {
        threads.close();
    }
}
