// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hostagent.core.jail.Errno;
import io.hostagent.core.jail.FileStatus;
import io.hostagent.core.jail.FolderNames;
import io.hostagent.core.jail.Handle;
import io.hostagent.core.jail.KernelException;
import io.hostagent.core.relay.BodySource;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a folder as a JSON array, by name. Only the names are held, of at most {@link
 * #MOST_SORTED} entries; a folder with more is listed in the order that its file system has them.
 * What is removed meanwhile is left out.
 */
final class Listing implements BodySource {

    /** Names of that many entries take about ten megabytes. */
    static final int MOST_SORTED = 200_000;

    private static final int PIECE_OF_LIST = 16 * 1024;

    private final Handle folder;
    private final FolderNames names;
    private final boolean details;
    private final byte[][] sorted;
    private int next;
    private boolean begun;
    private boolean over;

    /**
     * Reads the names.
     *
     * @param folder is closed with the listing
     * @param details whether to tell more than the original agent does
     */
    Listing(Handle folder, boolean details) throws IOException {
        this.folder = folder;
        this.details = details;
        names = folder.names();
        try {
            List<byte[]> read = new ArrayList<>();
            for (byte[] name = names.next(); name != null; name = names.next()) {
                read.add(name);
                if (read.size() == MOST_SORTED) {
                    break;
                }
            }
            sorted = read.toArray(byte[][]::new);
        } catch (IOException e) {
            names.close();
            throw e;
        }
        if (sorted.length < MOST_SORTED) {
            Arrays.sort(sorted, Arrays::compareUnsigned);
        }
    }

    @Override
    public @Nullable ByteBuf next() throws IOException {
        if (over) {
            return null;
        }
        StringBuilder text = new StringBuilder(PIECE_OF_LIST + 512);
        while (text.length() < PIECE_OF_LIST) {
            byte[] name = nextName();
            if (name == null) {
                over = true;
                text.append(begun ? "]" : "[]");
                break;
            }
            append(text, name);
        }
        ByteBuf piece = ByteBufAllocator.DEFAULT.buffer(text.length() + 64);
        piece.writeCharSequence(text, UTF_8);
        return piece;
    }

    private byte @Nullable [] nextName() throws IOException {
        if (next < sorted.length) {
            byte[] name = sorted[next];
            next++;
            return name;
        }
        return sorted.length < MOST_SORTED ? null : names.next();
    }

    private void append(StringBuilder text, byte[] bytes) throws IOException {
        String name = new String(bytes, UTF_8);
        Entry entry;
        try {
            FileStatus status = folder.status(bytes);
            boolean link = details && status.type() == FileStatus.Type.LINK;
            entry = new Entry(name, status, link ? folder.linkTarget(name) : null);
        } catch (KernelException e) {
            if (e.errno() == Errno.NOENT) {
                return;
            }
            throw e;
        }
        text.append(begun ? ',' : '[');
        begun = true;
        entry.appendTo(text, details);
    }

    @Override
    public void close() throws IOException {
        try (folder) {
            names.close();
        }
    }
}
