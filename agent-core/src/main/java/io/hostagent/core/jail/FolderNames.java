// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.jail;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** The names in a folder, in the order that its file system has them. Not thread-safe. */
public final class FolderNames implements Closeable {

    /** As much as glibc's readdir asks for at once. */
    private static final int BUFFER = 32 * 1024;

    /** getdents64(2): where an entry has its length, and where its name. */
    private static final int LENGTH_AT = 16;

    private static final int NAME_AT = 19;

    private final Handle folder;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffer = arena.allocate(BUFFER, 8);
    private int filled;
    private int next;

    FolderNames(Handle folder) {
        this.folder = folder;
    }

    /** The next name, as its bytes; {@code null} after the last one. */
    public byte @Nullable [] next() throws IOException {
        while (true) {
            if (next >= filled) {
                filled = Kernel.entries(folder.number(), buffer);
                next = 0;
                if (filled == 0) {
                    return null;
                }
            }
            int entry = next;
            next += Short.toUnsignedInt(buffer.get(JAVA_SHORT, entry + LENGTH_AT));
            int length = length(entry + NAME_AT);
            if (!dots(entry + NAME_AT, length)) {
                return buffer.asSlice(entry + NAME_AT, length).toArray(JAVA_BYTE);
            }
        }
    }

    private int length(int start) {
        int end = start;
        while (buffer.get(JAVA_BYTE, end) != 0) {
            end++;
        }
        return end - start;
    }

    /** The folder itself and the one above it are listed, too. */
    private boolean dots(int start, int length) {
        for (int i = 0; i < length; i++) {
            if (buffer.get(JAVA_BYTE, start + i) != '.') {
                return false;
            }
        }
        return length <= 2;
    }

    @Override
    public void close() throws IOException {
        if (arena.scope().isAlive()) {
            try (arena) {
                folder.close();
            }
        }
    }
}
