// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.service;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does things later, one at a time. It has no thread while nothing is planned. */
final class VolumeTimer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(VolumeTimer.class);
    private static final Duration IDLE = Duration.ofSeconds(10);

    private final ScheduledThreadPoolExecutor executor;

    /**
     * Starts no thread yet.
     *
     * @param name of its thread
     */
    VolumeTimer(String name) {
        executor =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().daemon().name(name).factory());
        executor.setKeepAliveTime(IDLE.toSeconds(), TimeUnit.SECONDS);
        executor.allowCoreThreadTimeOut(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Does something after a time; not at all when the agent ends before. */
    void after(Duration delay, Runnable work) {
        try {
            executor.schedule(() -> run(work), delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            log.debug("The agent ends");
        }
    }

    private static void run(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            log.error("Work on volumes failed", e);
        }
    }

    @Override
    public void close() {
        executor.shutdown();
    }
}
