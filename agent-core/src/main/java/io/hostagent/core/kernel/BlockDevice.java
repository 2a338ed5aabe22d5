// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.kernel;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** What the kernel tells of a block device, see open(2). */
public final class BlockDevice {

    /** Of a block device: for oneself alone; the same on x86-64 and arm64. */
    private static final int O_EXCL = 0x80;

    private static final int BUSY = 16;
    private static final int NO_SUCH_FILE = 2;
    private static final int NO_SUCH_DEVICE = 6;

    private BlockDevice() {}

    /**
     * Whether somebody has a device for himself alone, as a file system has whose device it is,
     * wherever that is mounted. A device that is not there is had by nobody.
     *
     * @throws IOException when the kernel refuses to tell
     */
    public static boolean isHeld(String path) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = Libc.state(arena);
            int handle = Descriptor.open(state, path, O_EXCL);
            if (handle >= 0) {
                Descriptor.close(state, handle);
                return false;
            }
            return switch (Libc.errno(state)) {
                case BUSY -> true;
                case NO_SUCH_FILE, NO_SUCH_DEVICE -> false;
                default -> throw new IOException(path + ": " + Reason.of(Libc.errno(state)));
            };
        }
    }
}
