// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import java.util.concurrent.atomic.AtomicLong;

/** How much memory many answers together may take, and do, in bytes. Thread-safe. */
public final class HeldBytes {

    private final long limit;
    private final AtomicLong held = new AtomicLong();

    /** Allows so many bytes. */
    public HeldBytes(long limit) {
        this.limit = limit;
    }

    /** Takes so many bytes, or none when there is no room for them. */
    public boolean take(long count) {
        if (held.addAndGet(count) <= limit) {
            return true;
        }
        held.addAndGet(-count);
        return false;
    }

    /** Gives back what was taken. */
    public void give(long count) {
        held.addAndGet(-count);
    }

    /** What is taken, in bytes. */
    public long held() {
        return held.get();
    }
}
