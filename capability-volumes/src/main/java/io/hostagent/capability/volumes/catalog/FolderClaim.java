// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.catalog;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The right to be the one agent that works in a folder. The kernel takes it back when the process
 * ends, however that happens.
 */
public final class FolderClaim implements AutoCloseable {

    private final FileChannel file;

    private FolderClaim(FileChannel file) {
        this.file = file;
    }

    /**
     * Claims a folder, and makes it when it is not there.
     *
     * @throws IOException when another process has it
     */
    public static FolderClaim on(Path folder) throws IOException {
        Path path = Files.createDirectories(folder).resolve("lock");
        FileChannel file = FileChannel.open(path, CREATE, WRITE);
        try {
            if (file.tryLock() != null) {
                return new FolderClaim(file);
            }
        } catch (OverlappingFileLockException e) {
            // Another agent in this very process, as tests have them.
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
        file.close();
        throw new IOException(
                "another agent works in "
                        + folder
                        + ": stop it, or set another VOLUMES_PATH and VOLUMES_DRIVER");
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
