// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The room that a file takes on its disk, which for a file with holes is less than its size, see
 * statx(2).
 *
 * @param directory whether it is a folder, whose content does not count
 * @param inode its number on its file system
 * @param links how many names it has
 * @param bytes of all its blocks
 */
public record FileSpace(boolean directory, long inode, int links, long bytes) {

    private static final long SIZE = 256;
    private static final int LINKS = 16;
    private static final int MODE = 28;
    private static final int INODE = 32;
    private static final int BLOCKS = 48;

    /** What the kernel counts blocks in, whatever the file system has. */
    private static final long BLOCK = 512;

    private static final int TYPE_MASK = 0170000;
    private static final int DIRECTORY = 0040000;
    private static final int AT_FDCWD = -100;
    private static final int NO_FOLLOW = 0x100;
    private static final int TYPE_LINKS_INODE_BLOCKS = 0x1 | 0x4 | 0x100 | 0x400;

    private static final class Function {
        static final MethodHandle STATX =
                Libc.function(
                        "statx", JAVA_INT, Libc.pointer(), JAVA_INT, JAVA_INT, Libc.pointer());
    }

    /**
     * Asks the kernel; a link is asked about itself.
     *
     * @throws IOException when there is no such file, or the kernel refuses
     */
    public static FileSpace of(String path) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = Libc.state(arena);
            MemorySegment answer = arena.allocate(SIZE, Long.BYTES);
            if (call(state, arena.allocateFrom(path), answer) != 0) {
                throw new IOException("statx fails with errno " + Libc.errno(state));
            }
            int mode = Short.toUnsignedInt(answer.get(JAVA_SHORT, MODE));
            return new FileSpace(
                    (mode & TYPE_MASK) == DIRECTORY,
                    answer.get(JAVA_LONG, INODE),
                    answer.get(JAVA_INT, LINKS),
                    answer.get(JAVA_LONG, BLOCKS) * BLOCK);
        }
    }

    private static int call(MemorySegment state, MemorySegment path, MemorySegment answer) {
        try {
            return (int)
                    Function.STATX.invokeExact(
                            state, AT_FDCWD, path, NO_FOLLOW, TYPE_LINKS_INODE_BLOCKS, answer);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
