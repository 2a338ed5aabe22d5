// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.kernel;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The room in a file system, see statvfs(3).
 *
 * @param totalBytes all of it
 * @param freeBytes what nobody uses
 * @param availableBytes what a user other than root may still use
 * @param files inodes there are; 0 where the file system makes them as it needs them
 * @param freeFiles inodes that nobody uses
 */
public record FileSystemSpace(
        long totalBytes, long freeBytes, long availableBytes, long files, long freeFiles) {

    /** {@code struct statvfs}: bsize, frsize, blocks, bfree, bavail, files, ffree and more. */
    private static final long SIZE = 128;

    private static final long FRAGMENT = 8;
    private static final long BLOCKS = 16;
    private static final long BLOCKS_FREE = 24;
    private static final long BLOCKS_AVAILABLE = 32;
    private static final long FILES = 40;
    private static final long FILES_FREE = 48;

    private static final class Function {
        static final MethodHandle STATVFS =
                Libc.function("statvfs", Libc.pointer(), Libc.pointer());
    }

    /**
     * Asks the kernel, which may block for as long as a server of a network file system is silent:
     * hours, and without being interruptible.
     *
     * @param path of the mount point, in UTF-8 whatever the locale says
     * @throws IOException when the kernel refuses; its message is the reason, such as {@code
     *     permission denied}
     */
    public static FileSystemSpace of(String path) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = Libc.state(arena);
            MemorySegment answer = arena.allocate(SIZE, Long.BYTES);
            if (call(state, arena.allocateFrom(path), answer) != 0) {
                throw new IOException(Reason.of(Libc.errno(state)));
            }
            long fragment = answer.get(JAVA_LONG, FRAGMENT);
            return new FileSystemSpace(
                    fragment * answer.get(JAVA_LONG, BLOCKS),
                    fragment * answer.get(JAVA_LONG, BLOCKS_FREE),
                    fragment * answer.get(JAVA_LONG, BLOCKS_AVAILABLE),
                    answer.get(JAVA_LONG, FILES),
                    answer.get(JAVA_LONG, FILES_FREE));
        }
    }

    private static int call(MemorySegment state, MemorySegment path, MemorySegment answer) {
        try {
            return (int) Function.STATVFS.invokeExact(state, path, answer);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
