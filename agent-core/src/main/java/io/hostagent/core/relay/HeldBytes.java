// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import java.util.concurrent.atomic.AtomicLong;

/** How much memory all shared answers together may take, and do, in bytes. Thread-safe. */
final class HeldBytes {

    private final long limit;
    private final AtomicLong held = new AtomicLong();

    HeldBytes(long limit) {
        this.limit = limit;
    }

    /** Takes so many bytes, or none when there is no room for them. */
    boolean take(long count) {
        if (held.addAndGet(count) <= limit) {
            return true;
        }
        held.addAndGet(-count);
        return false;
    }

    void give(long count) {
        held.addAndGet(-count);
    }

    long held() {
        return held.get();
    }
}
