// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.files;

import static java.nio.charset.StandardCharsets.UTF_8;

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
 * The entries of a folder as a JSON array, by name. Only the names are held, as long as there is
 * room for them; a folder with more is listed in the order that its file system has them. What is
 * removed meanwhile, or does not say what it is, is left out.
 */
final class Listing implements BodySource {

    private static final int PIECE_OF_LIST = 16 * 1024;

    private final Handle folder;
    private final FolderNames names;
    private final NameRoom.Share room;
    private final boolean details;
    private final byte[][] held;
    private final boolean all;
    private int next;
    private boolean begun;
    private boolean over;

    /**
     * Reads the names.
     *
     * @param folder is closed with the listing
     * @param details whether to tell more than the original agent does
     */
    Listing(Handle folder, boolean details, NameRoom.Share room) throws IOException {
        this.folder = folder;
        this.details = details;
        this.room = room;
        names = folder.names();
        List<byte[]> read = new ArrayList<>();
        boolean fits = true;
        try {
            byte[] name = names.next();
            while (name != null) {
                read.add(name);
                // The one for which there is no room any more is the last that is held.
                fits = room.take(name);
                name = fits ? names.next() : null;
            }
        } catch (IOException e) {
            room.release();
            names.close();
            throw e;
        }
        all = fits;
        held = read.toArray(byte[][]::new);
        if (all) {
            Arrays.sort(held, Arrays::compareUnsigned);
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
        if (next < held.length) {
            byte[] name = held[next];
            next++;
            return name;
        }
        return all ? null : names.next();
    }

    private void append(StringBuilder text, byte[] bytes) throws IOException {
        String name = new String(bytes, UTF_8);
        FileStatus status;
        try {
            status = folder.status(bytes);
        } catch (KernelException e) {
            return;
        }
        Entry entry = new Entry(name, status, target(name, status));
        text.append(begun ? ',' : '[');
        begun = true;
        entry.appendTo(text, details);
    }

    /** Where a link points to; it may be something else by now. */
    private @Nullable String target(String name, FileStatus status) throws IOException {
        if (!details || status.type() != FileStatus.Type.LINK) {
            return null;
        }
        try {
            return folder.linkTarget(name);
        } catch (KernelException e) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        room.release();
        try (folder) {
            names.close();
        }
    }
}
