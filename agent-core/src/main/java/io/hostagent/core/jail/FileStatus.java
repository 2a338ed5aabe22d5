// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.jail;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;

/**
 * What a file is, by statx(2).
 *
 * @param type what kind of file
 * @param permissions the twelve lowest bits of its mode
 * @param user ID of its owner
 * @param group ID of its group
 * @param size in bytes; of a symbolic link the length of its target
 * @param inode its number on its file system
 * @param device of its file system
 * @param mount ID of the mount it was reached through; 0 where the kernel does not tell (before
 *     5.8)
 * @param seconds since 1970 of the last change of its content
 * @param nanoseconds beyond these
 */
public record FileStatus(
        Type type,
        int permissions,
        int user,
        int group,
        long size,
        long inode,
        long device,
        long mount,
        long seconds,
        int nanoseconds) {

    /** Kinds of files. What is special does something when it is opened, or has no content. */
    public enum Type {
        FILE,
        DIRECTORY,
        LINK,
        SPECIAL
    }

    private static final int TYPE_MASK = 0170000;
    private static final int PERMISSIONS = 07777;

    /** Reads the structure that is the same on every CPU. */
    static FileStatus read(MemorySegment statx) {
        int mode = Short.toUnsignedInt(statx.get(JAVA_SHORT, 28));
        return new FileStatus(
                type(mode),
                mode & PERMISSIONS,
                statx.get(JAVA_INT, 20),
                statx.get(JAVA_INT, 24),
                statx.get(JAVA_LONG, 40),
                statx.get(JAVA_LONG, 32),
                ((long) statx.get(JAVA_INT, 136) << 32) | statx.get(JAVA_INT, 140),
                statx.get(JAVA_LONG, 144),
                statx.get(JAVA_LONG, 112),
                statx.get(JAVA_INT, 120));
    }

    private static Type type(int mode) {
        return switch (mode & TYPE_MASK) {
            case 0100000 -> Type.FILE;
            case 0040000 -> Type.DIRECTORY;
            case 0120000 -> Type.LINK;
            default -> Type.SPECIAL;
        };
    }

    /** What tells mounts apart, as well as the kernel can. */
    public long mountOrDevice() {
        return mount == 0 ? device : mount;
    }

    /** Whether it is a folder. */
    public boolean isDirectory() {
        return type == Type.DIRECTORY;
    }
}
