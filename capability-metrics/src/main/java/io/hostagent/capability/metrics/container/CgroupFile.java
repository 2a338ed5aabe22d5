// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import io.hostagent.capability.metrics.kernel.KeptFile;
import io.hostagent.capability.metrics.kernel.KernelText;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file of a cgroup that may not be there: a kernel without swap accounting has none about swap,
 * and one without pressure has a file that cannot be read. What was not there when it was first
 * wanted is not wanted again.
 */
final class CgroupFile implements AutoCloseable {

    private final Path path;
    private final @Nullable KeptFile kept;
    private boolean absent;
    private boolean wasRead;

    /**
     * Names a file.
     *
     * @param keep whether it stays open from one scrape to the next
     */
    CgroupFile(Path path, boolean keep) {
        this.path = path;
        kept = keep ? new KeptFile(path) : null;
    }

    /** One that is not there. */
    static CgroupFile none() {
        CgroupFile file = new CgroupFile(Path.of(""), false);
        file.absent = true;
        return file;
    }

    /**
     * Reads it; {@code false} when there is none.
     *
     * @throws IOException when it was there and is no more, since its cgroup is gone
     */
    boolean read(KernelText text) throws IOException {
        if (absent) {
            return false;
        }
        try {
            if (kept == null) {
                text.read(path);
            } else {
                text.read(kept);
            }
            wasRead = true;
            return true;
        } catch (FileNotFoundException e) {
            // The same for a file that may not be read, and where descriptors are short.
            return isAbsent(e, Files.notExists(path));
        } catch (NoSuchFileException | AccessDeniedException e) {
            return isAbsent(e, true);
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            return isAbsent(e, true);
        }
    }

    private boolean isAbsent(IOException failure, boolean forGood) throws IOException {
        if (wasRead) {
            throw failure;
        }
        absent = forGood;
        if (forGood) {
            close();
        }
        return false;
    }

    @Override
    public void close() throws IOException {
        if (kept != null) {
            kept.close();
        }
    }
}
