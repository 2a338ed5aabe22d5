// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.files;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much memory the names of folders may take that are being listed, all together. A container
 * can make a folder with millions of long names, and a client can read slowly.
 */
final class NameRoom {

    /** In bytes; an agent has a heap of 96 MB. */
    private static final long ALL = 24 << 20;

    /** A hundred thousand names of 24 letters take 6 MB. */
    private static final long ONE = 12 << 20;

    /** What the JVM takes for an array and two references to it, see JEP 450. */
    private static final int OVERHEAD = 40;

    private final AtomicLong free = new AtomicLong(ALL);

    /** The part of one listing. Used by one thread at a time. */
    final class Share {

        private long taken;

        /** Takes room for a name; {@code false} when there is none left. */
        boolean take(byte[] name) {
            long size = (long) name.length + OVERHEAD;
            if (taken + size > ONE || free.addAndGet(-size) < 0) {
                if (taken + size <= ONE) {
                    free.addAndGet(size);
                }
                return false;
            }
            taken += size;
            return true;
        }

        /** Gives all of it back. */
        void release() {
            free.addAndGet(taken);
            taken = 0;
        }
    }
}
