// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hostagent.core.error.CallerException;
import io.hostagent.core.jail.Errno;
import io.hostagent.core.jail.FileStatus;
import io.hostagent.core.jail.Handle;
import io.hostagent.core.jail.Jail;
import io.hostagent.core.jail.JailPath;
import io.hostagent.core.jail.KernelException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks a tar stream below a folder. Each file is there whole or not at all. A name of the
 * archive is a path of the jail's, so neither {@code ..} nor a link, be it one of the archive
 * itself, leads out. Devices, pipes and hard links to what is not there are refused.
 */
final class TarUpload {

    private final Jail jail;
    private final JailPath folder;
    private final byte[] buffer = new byte[64 * 1024];

    TarUpload(Jail jail, JailPath folder) {
        this.jail = jail;
        this.folder = folder;
    }

    /** Reads to the end of the archive. */
    void unpack(InputStream stream) throws IOException {
        jail.makeFolders(folder).close();
        HeaderLimit limited = new HeaderLimit(stream);
        try (TarArchiveInputStream tar = new TarArchiveInputStream(limited, UTF_8.name())) {
            TarArchiveEntry entry = next(tar, limited);
            while (entry != null) {
                unpack(entry, tar);
                while (part(tar) >= 0) {
                    // What nobody wanted of the entry is read here, where it is not counted.
                }
                entry = next(tar, limited);
            }
            // Some writers fill the last block of a tape.
            stream.transferTo(OutputStream.nullOutputStream());
        }
    }

    private @Nullable TarArchiveEntry next(TarArchiveInputStream tar, HeaderLimit limited) {
        try {
            limited.headers(true);
            return tar.getNextEntry();
        } catch (IOException | IllegalArgumentException e) {
            throw broken();
        } finally {
            limited.headers(false);
        }
    }

    private int part(InputStream content) {
        try {
            return content.read(buffer);
        } catch (IOException e) {
            throw broken();
        }
    }

    private static CallerException broken() {
        return CallerException.badRequest("Invalid request payload", "It is no whole tar archive");
    }

    private void unpack(TarArchiveEntry entry, InputStream content) throws IOException {
        JailPath path = JailPath.parse(entry.getName());
        if (path.isRoot()) {
            return;
        }
        JailPath whole = folder.then(path);
        if (entry.isDirectory()) {
            try (Handle made = jail.makeFolders(whole);
                    Handle open = made.reopened()) {
                open.giveTo((int) entry.getLongUserId(), (int) entry.getLongGroupId());
                open.permit(entry.getMode() & 07777);
            }
            return;
        }
        try (Handle parent = jail.makeFolders(whole.parent())) {
            Spool.requireReplaceable(parent, whole.name());
            if (entry.isCharacterDevice() || entry.isBlockDevice() || entry.isFIFO()) {
                // The library takes these for files, too.
                throw refused(entry, "is neither a file nor a folder nor a link");
            } else if (entry.isSymbolicLink()) {
                link(parent, whole.name(), entry);
            } else if (entry.isLink()) {
                hardLink(parent, whole.name(), entry);
            } else if (entry.isFile()) {
                file(parent, whole.name(), entry, content);
            } else {
                throw refused(entry, "is neither a file nor a folder nor a link");
            }
        }
    }

    private static CallerException refused(TarArchiveEntry entry, String why) {
        return CallerException.badRequest(
                "Invalid request payload", "The entry '" + entry.getName() + "' " + why);
    }

    private void file(Handle parent, String name, TarArchiveEntry entry, InputStream content)
            throws IOException {
        try (Spool spool = Spool.in(parent)) {
            for (int count = part(content); count >= 0; count = part(content)) {
                spool.write(ByteBuffer.wrap(buffer, 0, count));
            }
            spool.own(
                    (int) entry.getLongUserId(),
                    (int) entry.getLongGroupId(),
                    entry.getMode() & 07777);
            spool.changedAt(entry.getLastModifiedTime().toMillis() / 1000);
            spool.becomes(parent, name, false);
        }
    }

    private static void link(Handle parent, String name, TarArchiveEntry entry) throws IOException {
        String passing = Spool.passingName();
        parent.makeLink(passing, entry.getLinkName());
        parent.giveTo(passing, (int) entry.getLongUserId(), (int) entry.getLongGroupId());
        becomes(parent, passing, name);
    }

    /** The name is never without what it had before or what it gets. */
    private static void becomes(Handle parent, String passing, String name) throws IOException {
        try {
            parent.rename(passing, parent, name);
        } catch (IOException e) {
            parent.remove(passing);
            throw e;
        }
    }

    private void hardLink(Handle parent, String name, TarArchiveEntry entry) throws IOException {
        JailPath target = folder.then(JailPath.parse(entry.getLinkName()));
        if (target.isRoot()) {
            throw refused(entry, "is a link to nothing");
        }
        try (Handle targetFolder = jail.parent(target);
                Handle file = targetFolder.child(target.name())) {
            if (file.status().type() != FileStatus.Type.FILE) {
                throw refused(entry, "is a link to what is no file");
            }
            String passing = Spool.passingName();
            parent.link(passing, file);
            becomes(parent, passing, name);
            if (isThere(parent, passing)) {
                // Two names of one file: rename(2) then does nothing.
                parent.remove(passing);
            }
        }
    }

    private static boolean isThere(Handle parent, String name) throws IOException {
        try {
            parent.status(name);
            return true;
        } catch (KernelException e) {
            if (e.errno() == Errno.NOENT) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Counts what is read of headers. The library gathers long names and other attributes in memory
     * whatever size the archive says they have.
     */
    private static final class HeaderLimit extends FilterInputStream {

        /** A path of 4 KiB and all attributes of a file fit; those of a file have 64 KiB. */
        private static final int MOST = 1 << 20;

        private boolean headers;
        private int read;

        HeaderLimit(InputStream in) {
            super(in);
        }

        /** Whether what is read from now on are headers. */
        void headers(boolean now) {
            headers = now;
            read = 0;
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            count(value < 0 ? 0 : 1);
            return value;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int count = super.read(target, offset, length);
            count(Math.max(count, 0));
            return count;
        }

        @Override
        public long skip(long length) throws IOException {
            long count = super.skip(length);
            count((int) Math.min(count, MOST + 1L));
            return count;
        }

        private void count(int more) throws IOException {
            read += more;
            if (headers && read > MOST) {
                throw new IOException("The headers of an entry have more than " + MOST + " bytes");
            }
        }
    }
}
