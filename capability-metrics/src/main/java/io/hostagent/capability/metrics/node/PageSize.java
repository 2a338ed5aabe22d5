// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How large a page of memory is, in bytes. The kernel tells each process when it starts, see
 * getauxval(3); nothing in the JDK hands it on.
 */
final class PageSize {

    private static final long USUAL = 4096;

    /** {@code AT_PAGESZ} of {@code linux/auxvec.h}. */
    private static final long KEY = 6;

    private PageSize() {}

    /** That of this machine; the usual one when the kernel does not tell. */
    static long ofThisMachine() {
        try {
            return in(Files.readAllBytes(Path.of("/proc/self/auxv")));
        } catch (IOException e) {
            return USUAL;
        }
    }

    /** What pairs of 64-bit numbers in the order of the machine's bytes say. */
    static long in(byte[] vector) {
        ByteBuffer pairs = ByteBuffer.wrap(vector).order(ByteOrder.nativeOrder());
        while (pairs.remaining() >= 2 * Long.BYTES) {
            long key = pairs.getLong();
            long value = pairs.getLong();
            if (key == KEY) {
                return value;
            }
        }
        return USUAL;
    }
}
