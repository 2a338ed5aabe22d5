// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.trust;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Files that only the agent may read, replaced as a whole: whoever reads one, even after a power
 * cut, meets the old content or the new one.
 */
public final class PrivateFile {

    static final FileAttribute<Set<PosixFilePermission>> ONLY_OWNER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private PrivateFile() {}

    /**
     * Writes a file, durably. It is up to the caller that no other writes the same one meanwhile.
     */
    public static void write(Path file, byte[] content) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException(file + " is not a file");
        }
        Path next = folder.resolve("." + file.getFileName() + ".new");
        // Left there by a crash.
        Files.deleteIfExists(next);
        try {
            try (FileChannel channel =
                    FileChannel.open(next, Set.of(CREATE_NEW, WRITE), ONLY_OWNER)) {
                ByteBuffer rest = ByteBuffer.wrap(content);
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
                giveToOwnerOf(folder, next);
                channel.force(true);
            }
            Files.move(next, file, ATOMIC_MOVE, REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(next);
        }
        try (FileChannel names = FileChannel.open(folder, READ)) {
            names.force(true);
        }
    }

    /**
     * Gives a new file to the owner of its folder. A command that root runs in the container of an
     * agent which is not root would otherwise leave files that the agent cannot read.
     */
    public static void giveToOwnerOf(Path folder, Path file) {
        try {
            for (String id : new String[] {"unix:uid", "unix:gid"}) {
                Object owner = Files.getAttribute(folder, id);
                if (!owner.equals(Files.getAttribute(file, id))) {
                    Files.setAttribute(file, id, owner);
                }
            }
        } catch (IOException | UnsupportedOperationException e) {
            // Not root: then the file is of the one who runs this, who is the agent.
        }
    }
}
