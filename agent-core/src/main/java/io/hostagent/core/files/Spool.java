// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.files;

import io.hostagent.core.error.CallerException;
import io.hostagent.core.jail.Errno;
import io.hostagent.core.jail.FileStatus;
import io.hostagent.core.jail.Handle;
import io.hostagent.core.jail.KernelException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A file in the making: nobody sees it before it is whole, and then it is there, or is instead of
 * the one before it, all at once. Where the file system can, it has no name until then, so that
 * nothing of it is left behind even when this process is killed.
 */
final class Spool implements Closeable {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final HexFormat HEX = HexFormat.of();

    private final Handle folder;
    private final Handle file;
    private final FileChannel channel;
    private @Nullable String name;

    private Spool(Handle folder, Handle file, FileChannel channel, @Nullable String name) {
        this.folder = folder;
        this.file = file;
        this.channel = channel;
        this.name = name;
    }

    /** Begins a file on the file system of a folder, which stays open as long as the spool. */
    static Spool in(Handle folder) throws IOException {
        try {
            return of(folder, folder.createUnnamed(), null);
        } catch (KernelException e) {
            // What a file system answers that has no such files (open(2), O_TMPFILE).
            if (e.errno() != Errno.OPNOTSUPP && e.errno() != Errno.ISDIR) {
                throw e;
            }
        }
        String name = passingName();
        return of(folder, folder.create(name), name);
    }

    private static Spool of(Handle folder, Handle file, @Nullable String name) throws IOException {
        try {
            return new Spool(folder, file, file.write(), name);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /** A name that nobody else has, for as long as something has no other one. */
    static String passingName() {
        byte[] random = new byte[8];
        RANDOM.nextBytes(random);
        return ".unified-host-agent-" + HEX.formatHex(random);
    }

    /** What is written is the file's next part, in as many pieces as there are. */
    void write(ByteBuffer... parts) throws IOException {
        long left = 0;
        for (ByteBuffer part : parts) {
            left += part.remaining();
        }
        try {
            while (left > 0) {
                left -= channel.write(parts);
            }
        } catch (IOException e) {
            throw KernelException.of(e);
        }
    }

    /** Sets what a file of somebody else's had; before it gets its name. */
    void own(int user, int group, int permissions) throws IOException {
        file.giveTo(user, group);
        file.permit(permissions);
    }

    /** Sets when it was changed last, in seconds since 1970. */
    void changedAt(long seconds) throws IOException {
        file.changedAt(seconds);
    }

    /**
     * Gives it its name, in place of a file that has it. That one's owner and permissions are kept,
     * and it is given up only when the new one is safe on the disk.
     *
     * @param keep whether to take over what the file before it had
     * @throws KernelException {@link Errno#ISDIR} when a folder has the name
     */
    void becomes(Handle target, String wanted, boolean keep) throws IOException {
        @Nullable FileStatus before = statusOf(target, wanted);
        if (before == null && name == null && linked(target, wanted)) {
            return;
        }
        if (before != null) {
            if (keep && before.type() == FileStatus.Type.FILE) {
                own(before.user(), before.group(), before.permissions());
            }
            channel.force(false);
        }
        String passing = name;
        Handle from = folder;
        if (passing == null) {
            passing = passingName();
            from = target;
            target.link(passing, file);
            try {
                from.rename(passing, target, wanted);
            } catch (IOException e) {
                from.remove(passing);
                throw e;
            }
            return;
        }
        from.rename(passing, target, wanted);
        name = null;
    }

    /**
     * A device or a pipe is what programs expect in its place, so no file is put there.
     *
     * @throws CallerException 403 when there is one
     */
    static void requireReplaceable(Handle folder, String name) throws IOException {
        FileStatus before = statusOf(folder, name);
        if (before != null && before.type() == FileStatus.Type.SPECIAL) {
            throw CallerException.forbidden(
                    "Error saving file to disk",
                    "'" + name + "' is a device, a pipe or a socket, and is left as it is");
        }
    }

    private boolean linked(Handle target, String wanted) throws IOException {
        try {
            target.link(wanted, file);
            return true;
        } catch (KernelException e) {
            if (e.errno() == Errno.EXIST) {
                return false;
            }
            throw e;
        }
    }

    private static @Nullable FileStatus statusOf(Handle folder, String name) throws IOException {
        try {
            return folder.status(name);
        } catch (KernelException e) {
            if (e.errno() == Errno.NOENT) {
                return null;
            }
            throw e;
        }
    }

    /** Makes the same file on the file system of another folder. */
    Spool copiedTo(Handle other) throws IOException {
        Spool copy = in(other);
        try (FileChannel content = file.read()) {
            long size = content.size();
            long done = 0;
            while (done < size) {
                done += content.transferTo(done, size - done, copy.channel);
            }
            return copy;
        } catch (IOException e) {
            copy.close();
            throw e;
        }
    }

    /** Without a name by now, it never was. */
    @Override
    public void close() throws IOException {
        try (file;
                channel) {
            if (name != null) {
                folder.remove(name);
            }
        }
    }
}
