// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** What the kernel tells of a block device, see open(2). */
public final class BlockDevice {

    /** Of a block device: for oneself alone; the same on x86-64 and arm64. */
    private static final int O_EXCL = 0x80;

    private static final int O_CLOEXEC = 0x80000;
    private static final int BUSY = 16;
    private static final int NO_SUCH_FILE = 2;
    private static final int NO_SUCH_DEVICE = 6;

    private static final class Function {
        static final MethodHandle OPEN = Libc.variadic("open", 2, Libc.pointer(), JAVA_INT);
        static final MethodHandle CLOSE = Libc.function("close", JAVA_INT);
    }

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
            int handle = open(state, arena.allocateFrom(path));
            if (handle >= 0) {
                close(state, handle);
                return false;
            }
            return switch (Libc.errno(state)) {
                case BUSY -> true;
                case NO_SUCH_FILE, NO_SUCH_DEVICE -> false;
                default -> throw new IOException(path + ": " + Reason.of(Libc.errno(state)));
            };
        }
    }

    private static int open(MemorySegment state, MemorySegment path) {
        try {
            return (int) Function.OPEN.invokeExact(state, path, O_EXCL | O_CLOEXEC);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static void close(MemorySegment state, int handle) {
        try {
            int result = (int) Function.CLOSE.invokeExact(state, handle);
            assert result == 0;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
