// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.web;

import io.netty.channel.Channel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds the connections of clients, so that nobody can fill the memory by opening them: each costs
 * some, before anybody has said who they are.
 */
final class ConnectionLimit {

    private static final Logger log = LoggerFactory.getLogger(ConnectionLimit.class);

    private static final long LINE_EVERY = TimeUnit.MINUTES.toNanos(1);

    private final int most;
    private final LongSupplier nanoTime;
    private final AtomicInteger open = new AtomicInteger();
    private int closed;
    private long lastLine;

    ConnectionLimit(int most) {
        this(most, System::nanoTime);
    }

    ConnectionLimit(int most, LongSupplier nanoTime) {
        this.most = most;
        this.nanoTime = nanoTime;
        this.lastLine = nanoTime.getAsLong() - LINE_EVERY;
    }

    /** Counts a new connection until its end, or closes it. */
    boolean admits(Channel channel) {
        if (open.incrementAndGet() > most) {
            open.decrementAndGet();
            channel.close();
            report();
            return false;
        }
        channel.closeFuture().addListener(end -> open.decrementAndGet());
        return true;
    }

    private synchronized void report() {
        closed++;
        long now = nanoTime.getAsLong();
        if (now - lastLine >= LINE_EVERY) {
            log.warn(
                    "{} connections are open, as many as AGENT_MAX_CONNECTIONS allows: closed {}"
                            + " new",
                    most,
                    closed);
            closed = 0;
            lastLine = now;
        }
    }
}
