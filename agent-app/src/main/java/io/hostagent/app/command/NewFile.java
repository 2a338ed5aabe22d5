// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.command;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Where a command puts what it fetches: a file that is there when all of it is, or {@code -}. */
final class NewFile {

    private NewFile() {}

    /**
     * Fetches the answer to a call.
     *
     * @param file must not be there yet; {@code -} for standard output
     */
    static void fetch(ControlClient client, String target, String file) throws IOException {
        if (file.equals("-")) {
            OutputStream out = new FileOutputStream(FileDescriptor.out);
            client.stream(target, out::write);
            out.flush();
            return;
        }
        Path path = Path.of(file).toAbsolutePath();
        if (Files.exists(path)) {
            throw new FileAlreadyExistsException(path + " is there already");
        }
        Path part = path.resolveSibling(path.getFileName() + ".part");
        try (FileChannel channel =
                        FileChannel.open(
                                part,
                                Set.of(
                                        StandardOpenOption.CREATE,
                                        StandardOpenOption.TRUNCATE_EXISTING,
                                        StandardOpenOption.WRITE),
                                // What a volume holds is not for everybody.
                                PosixFilePermissions.asFileAttribute(
                                        PosixFilePermissions.fromString("rw-------")));
                OutputStream out = Channels.newOutputStream(channel)) {
            client.stream(target, out::write);
            channel.force(true);
            Files.move(part, path, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
