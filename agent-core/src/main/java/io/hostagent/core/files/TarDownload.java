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
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.jspecify.annotations.Nullable;

/**
 * A folder with all that is in it as a tar stream. Links are stored as links. Devices, pipes and
 * sockets are left out, and so is what is mounted below.
 */
final class TarDownload implements BodySource {

    /** Each level keeps a folder open. */
    private static final int DEEPEST = 500;

    private record Level(Handle folder, FolderNames names, String path) {}

    private final PieceStream out = new PieceStream();
    private final TarArchiveOutputStream tar = new TarArchiveOutputStream(out, UTF_8.name());
    private final Deque<Level> levels = new ArrayDeque<>();
    private final byte[] buffer = new byte[64 * 1024];
    private final long mount;
    private @Nullable FileContent file;
    private boolean over;

    /**
     * Begins.
     *
     * @param folder is closed with the download
     */
    TarDownload(Handle folder) throws IOException {
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        tar.setAddPaxHeadersForNonAsciiNames(true);
        mount = folder.status().mountOrDevice();
        enter(folder, "");
    }

    private void enter(Handle folder, String path) throws IOException {
        try {
            if (levels.size() == DEEPEST) {
                throw new IOException("There are more than " + DEEPEST + " folders in one another");
            }
            levels.addLast(new Level(folder, folder.names(), path));
        } catch (IOException e) {
            folder.close();
            throw e;
        }
    }

    @Override
    public @Nullable ByteBuf next() throws IOException {
        while (!over && out.size() < PIECE) {
            step();
        }
        return out.take();
    }

    private void step() throws IOException {
        if (file != null) {
            copy(file);
            return;
        }
        Level level = levels.peekLast();
        if (level == null) {
            tar.finish();
            over = true;
            return;
        }
        byte[] name = level.names().next();
        if (name == null) {
            levels.removeLast();
            close(level);
            return;
        }
        add(level, new String(name, UTF_8));
    }

    private void copy(FileContent content) throws IOException {
        ByteBuf piece = content.next();
        if (piece == null) {
            content.close();
            file = null;
            tar.closeArchiveEntry();
            return;
        }
        try {
            while (piece.isReadable()) {
                int count = Math.min(piece.readableBytes(), buffer.length);
                piece.readBytes(buffer, 0, count);
                tar.write(buffer, 0, count);
            }
        } finally {
            piece.release();
        }
    }

    private void add(Level level, String name) throws IOException {
        Handle found;
        try {
            found = level.folder().child(name);
        } catch (KernelException e) {
            // It was removed meanwhile, or its name is no text.
            if (e.errno() == Errno.NOENT) {
                return;
            }
            throw e;
        }
        boolean kept = false;
        try {
            FileStatus status = found.status();
            String path = level.path() + name;
            switch (status.type()) {
                case DIRECTORY -> {
                    if (status.mountOrDevice() == mount) {
                        put(status, new TarArchiveEntry(path + "/", TarConstants.LF_DIR));
                        kept = true;
                        enter(found, path + "/");
                    }
                }
                case LINK -> {
                    TarArchiveEntry entry = new TarArchiveEntry(path, TarConstants.LF_SYMLINK);
                    entry.setLinkName(level.folder().linkTarget(name));
                    put(status, entry);
                }
                case FILE -> {
                    FileContent content = new FileContent(found, 0, status.size());
                    TarArchiveEntry entry = new TarArchiveEntry(path, TarConstants.LF_NORMAL);
                    entry.setSize(status.size());
                    begin(status, entry);
                    file = content;
                }
                case SPECIAL -> {}
            }
        } finally {
            if (!kept) {
                found.close();
            }
        }
    }

    private void put(FileStatus status, TarArchiveEntry entry) throws IOException {
        begin(status, entry);
        tar.closeArchiveEntry();
    }

    private void begin(FileStatus status, TarArchiveEntry entry) throws IOException {
        entry.setMode(status.permissions());
        entry.setUserId(Integer.toUnsignedLong(status.user()));
        entry.setGroupId(Integer.toUnsignedLong(status.group()));
        entry.setModTime(status.seconds() * 1000);
        tar.putArchiveEntry(entry);
    }

    private static void close(Level level) throws IOException {
        level.names().close();
        level.folder().close();
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
        while (!levels.isEmpty()) {
            close(levels.removeLast());
        }
        out.release();
    }

    /** Gathers what is written. */
    private static final class PieceStream extends OutputStream {

        private ByteBuf gathered = ByteBufAllocator.DEFAULT.buffer(2 * PIECE);

        int size() {
            return gathered.readableBytes();
        }

        @Override
        public void write(int b) {
            gathered.writeByte(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            gathered.writeBytes(bytes, offset, length);
        }

        @Nullable ByteBuf take() {
            if (!gathered.isReadable()) {
                return null;
            }
            ByteBuf taken = gathered;
            gathered = ByteBufAllocator.DEFAULT.buffer(2 * PIECE);
            return taken;
        }

        void release() {
            gathered.release();
        }
    }
}
