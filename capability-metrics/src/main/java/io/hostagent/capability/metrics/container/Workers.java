// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that read containers together with the one that scrapes. More of them wait for one
 * another in the kernel, so there are few, and none for a host with few containers. They end a
 * while after the last scrape, and are never interrupted: that would close the files they read.
 */
final class Workers implements AutoCloseable {

    /** From as many containers on another thread is worth its start. */
    private static final int MANY = 50;

    private static final int MOST = 4;
    private static final int IDLE_SECONDS = 120;

    /** What a thread that sees the deadline needs to come back. */
    private static final long GRACE = TimeUnit.MILLISECONDS.toNanos(100);

    private final Path sys;
    private final int most;
    private final Worker first;
    private final List<Worker> others = new ArrayList<>();
    private final ThreadPoolExecutor threads;

    /**
     * Starts no thread yet.
     *
     * @param sys of the host
     * @param processors that the agent may use
     */
    Workers(Path sys, int processors) {
        this.sys = sys;
        most = Math.clamp(processors / 2, 1, MOST);
        first = new Worker(sys);
        AtomicInteger number = new AtomicInteger();
        threads =
                new ThreadPoolExecutor(
                        0,
                        MOST,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new SynchronousQueue<>(),
                        work ->
                                Thread.ofPlatform()
                                        .daemon()
                                        .name("agent-metrics-" + number.incrementAndGet())
                                        .unstarted(work));
    }

    /** That of the thread that scrapes. */
    Worker first() {
        return first;
    }

    /**
     * Goes through all containers.
     *
     * @param deadline by {@link System#nanoTime()}; a thread that is not back then is left to
     *     itself
     */
    List<ScrapeResult> run(Reading reading, int containers, long deadline) {
        int helping = containers < MANY ? 0 : most - 1;
        while (others.size() < helping) {
            others.add(new Worker(sys));
        }
        List<Future<ScrapeResult>> answers = new ArrayList<>();
        for (int i = 0; i < helping; i++) {
            Worker worker = others.get(i);
            try {
                answers.add(threads.submit(() -> reading.work(worker)));
            } catch (RejectedExecutionException e) {
                // Threads of former scrapes are not back; what there is does it alone.
                break;
            }
        }
        List<ScrapeResult> results = new ArrayList<>();
        results.add(reading.work(first));
        for (int i = 0; i < answers.size(); i++) {
            Optional<ScrapeResult> result = await(answers.get(i), deadline);
            if (result.isEmpty()) {
                others.set(i, new Worker(sys));
            }
            results.add(result.orElse(ScrapeResult.LATE));
        }
        return results;
    }

    private static Optional<ScrapeResult> await(Future<ScrapeResult> answer, long deadline) {
        try {
            long left = Math.max(deadline - System.nanoTime(), 0);
            return Optional.of(answer.get(left + GRACE, TimeUnit.NANOSECONDS));
        } catch (TimeoutException | CancellationException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
