// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.concurrent;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Threads for calls of the kernel on files. A call that waits for a file system whose server is
 * gone holds its thread until that is back; on virtual threads it would hold one of the few that
 * carry all of them. There are as many of these as calls that are being made, up to a number, and
 * none while nothing is done.
 */
public final class DiskThreads implements Executor, AutoCloseable {

    private static final int IDLE_SECONDS = 10;

    /** Steps that wait for a thread; a request has one step at a time. */
    private static final int MOST_WAITING = 4_096;

    private final int most;
    private final BlockingQueue<Runnable> waiting = new LinkedBlockingQueue<>(MOST_WAITING);
    private final AtomicInteger working = new AtomicInteger();
    private final ThreadPoolExecutor threads;
    private final Scheduler scheduler = Schedulers.fromExecutor(this);

    /**
     * Starts no thread yet.
     *
     * @param most how many there may be
     */
    public DiskThreads(int most) {
        this("agent-disk-", most);
    }

    /**
     * Starts no thread yet.
     *
     * @param name of each, but for its number
     * @param most how many there may be
     */
    public DiskThreads(String name, int most) {
        this.most = most;
        AtomicInteger number = new AtomicInteger();
        threads =
                new ThreadPoolExecutor(
                        0,
                        // How many there are is bounded here; one may still be on its way home.
                        Integer.MAX_VALUE,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new SynchronousQueue<>(),
                        work ->
                                Thread.ofPlatform()
                                        .daemon()
                                        .name(name + number.incrementAndGet())
                                        .unstarted(work));
    }

    /** Runs a call on one of them; nothing of it is done before somebody subscribes. */
    public <T> Mono<T> call(Callable<T> call) {
        return Mono.fromCallable(call).subscribeOn(scheduler);
    }

    /**
     * As {@link #call}, for what has to be closed. When whoever asked for it has gone by the time
     * it is open, it is closed on one of these threads.
     */
    public <T> Mono<T> open(Callable<T> opening, Consumer<T> closing) {
        return Mono.defer(
                () -> {
                    Handover<T> opened =
                            new Handover<>(unwanted -> executeLast(() -> closing.accept(unwanted)));
                    return run(() -> opened.put(opening.call()))
                            .then(Mono.fromCallable(opened::take))
                            .doOnCancel(opened::cancel);
                });
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

    /**
     * Has a step done when there is a thread for it.
     *
     * @throws RejectedExecutionException when too many wait already
     */
    @Override
    public void execute(Runnable step) {
        if (!waiting.offer(step)) {
            throw new RejectedExecutionException("Too many calls wait for the disk");
        }
        startWorker();
    }

    /** Has a last step done, such as closing a file, however many wait. */
    public void executeLast(Runnable step) {
        try {
            execute(step);
        } catch (RejectedExecutionException e) {
            Thread.ofVirtual().name("agent-disk-last").start(step);
        }
    }

    private void startWorker() {
        int now = working.get();
        while (now < most && !waiting.isEmpty()) {
            if (working.compareAndSet(now, now + 1)) {
                threads.execute(this::work);
                return;
            }
            now = working.get();
        }
    }

    private void work() {
        try {
            for (Runnable step = waiting.poll(); step != null; step = waiting.poll()) {
                step.run();
            }
        } finally {
            working.decrementAndGet();
            startWorker();
        }
    }

    @Override
    public void close() {
        scheduler.dispose();
        threads.shutdownNow();
    }
}
