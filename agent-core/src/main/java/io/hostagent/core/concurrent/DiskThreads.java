// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.concurrent;

import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Threads for calls of the kernel on files. A call that waits for a file system whose server is
 * gone holds its thread until that is back; on virtual threads it would hold one of the few that
 * carry all of them. There are no more of these than a number, and none while nothing is done.
 */
public final class DiskThreads implements AutoCloseable {

    private static final int IDLE_SECONDS = 10;

    /** Steps that wait for a thread; a request has one step at a time. */
    private static final int MOST_WAITING = 4_096;

    private final ThreadPoolExecutor threads;
    private final Scheduler scheduler;

    /**
     * Starts no thread yet.
     *
     * @param most how many there may be
     */
    public DiskThreads(int most) {
        AtomicInteger number = new AtomicInteger();
        threads =
                new ThreadPoolExecutor(
                        most,
                        most,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(MOST_WAITING),
                        work ->
                                Thread.ofPlatform()
                                        .daemon()
                                        .name("agent-disk-" + number.incrementAndGet())
                                        .unstarted(work));
        threads.allowCoreThreadTimeOut(true);
        scheduler = Schedulers.fromExecutor(threads);
    }

    /** Runs a call on one of them; nothing of it is done before somebody subscribes. */
    public <T> Mono<T> call(Callable<T> call) {
        return Mono.fromCallable(call).subscribeOn(scheduler);
    }

    /** A call that gives nothing. */
    @FunctionalInterface
    public interface Step {

        /** Does it. */
        void run() throws Exception;
    }

    /** Runs a step on one of them, as {@link #call} runs a call. */
    public Mono<Void> run(Step step) {
        return call(() -> {
                    step.run();
                    return true;
                })
                .then();
    }

    /** The threads themselves, for steps that follow one another. */
    public Executor executor() {
        return threads;
    }

    /** The same for operators. */
    public Scheduler scheduler() {
        return scheduler;
    }

    @Override
    public void close() {
        scheduler.dispose();
        threads.shutdownNow();
    }
}
