// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.trust;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the time in which an agent without a secret waits for its first client: looks once, some
 * time after the start, whether there is one, and otherwise has the agent stop listening. The agent
 * stays alive, or its orchestrator would start it, and the waiting, anew.
 *
 * <p>The time is measured by a clock that no clock setting moves: a host that boots with a wrong
 * date would otherwise close at once.
 */
public final class AssociationTimeout implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(AssociationTimeout.class);

    private final Duration timeout;
    private final BooleanSupplier associated;
    private final Runnable stopListening;
    private final ScheduledThreadPoolExecutor timer;

    /**
     * Prepares the check.
     *
     * @param associated {@link Authenticator#associated()}
     * @param stopListening what to do when there is no client; called on the timer's thread
     */
    public AssociationTimeout(
            Duration timeout, BooleanSupplier associated, Runnable stopListening) {
        this.timeout = timeout;
        this.associated = associated;
        this.stopListening = stopListening;
        this.timer =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().daemon().name("association-timeout").factory());
    }

    /** Begins to wait. */
    public void start() {
        var _ = timer.schedule(this::check, timeout.toNanos(), TimeUnit.NANOSECONDS);
        // Ends the thread after the check; the waiting check is kept.
        timer.shutdown();
    }

    /** Gives up waiting. */
    @Override
    public void close() {
        timer.shutdownNow();
    }

    private void check() {
        if (associated.getAsBoolean()) {
            return;
        }
        log.warn(
                "No client came within {}: the agent stops listening. Restart it to wait again, or"
                        + " set AGENT_SECRET",
                timeout);
        stopListening.run();
    }
}
