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
        try (TarArchiveInputStream tar = new TarArchiveInputStream(stream, UTF_8.name())) {
            for (TarArchiveEntry entry = next(tar); entry != null; entry = next(tar)) {
                unpack(entry, tar);
            }
            // Some writers fill the last block of a tape.
            stream.transferTo(OutputStream.nullOutputStream());
        }
    }

    private static @Nullable TarArchiveEntry next(TarArchiveInputStream tar) {
        try {
            return tar.getNextEntry();
        } catch (IOException | IllegalArgumentException e) {
            throw broken();
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
            if (entry.isSymbolicLink()) {
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
        removeFile(parent, name);
        parent.makeLink(name, entry.getLinkName());
        parent.giveTo(name, (int) entry.getLongUserId(), (int) entry.getLongGroupId());
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
            removeFile(parent, name);
            parent.link(name, file);
        }
    }

    private static void removeFile(Handle parent, String name) throws IOException {
        try {
            if (!parent.status(name).isDirectory()) {
                parent.remove(name);
            }
        } catch (KernelException e) {
            if (e.errno() != Errno.NOENT) {
                throw e;
            }
        }
    }
}
