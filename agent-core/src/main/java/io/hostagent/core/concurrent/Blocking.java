// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.concurrent;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The bridge from calls that block (docker-java, files, commands) to reactive types. Each call runs
 * on a virtual thread of its own; a permit limits how many do so at once, and a time limit how long
 * the caller waits.
 */
public final class Blocking implements AutoCloseable {

    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name("agent-blocking-", 0).factory());
    private final Scheduler scheduler = Schedulers.fromExecutorService(threads);
    private final Semaphore permits;

    /**
     * Makes a bridge.
     *
     * @param atOnce how many calls may run at the same time; more wait their turn
     */
    public Blocking(int atOnce) {
        permits = new Semaphore(atOnce, true);
    }

    /**
     * Runs a blocking call.
     *
     * @param limit how long the subscriber waits, the wait for a turn included; then it gets a
     *     {@link java.util.concurrent.TimeoutException} and the thread is interrupted
     */
    public <T> Mono<T> call(Duration limit, Callable<T> call) {
        return Mono.fromCallable(() -> inTurn(call)).subscribeOn(scheduler).timeout(limit);
    }

    private <T> @Nullable T inTurn(Callable<T> call) throws Exception {
        try {
            permits.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
        try {
            return call.call();
        } catch (Exception e) {
            if (e instanceof InterruptedException || Thread.currentThread().isInterrupted()) {
                // Given up by its subscriber, who no longer hears what came of it.
                return null;
            }
            throw e;
        } finally {
            permits.release();
        }
    }

    /** Starts work of its own that lasts, on a virtual thread. It ends when interrupted. */
    public void run(Runnable work) {
        threads.execute(work);
    }

    @Override
    public void close() {
        scheduler.dispose();
        threads.shutdownNow();
    }
}
