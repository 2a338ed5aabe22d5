// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.kernel.KernelText;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file or folder that only some hosts have, which is no failure; one that is locked away is. */
final class OptionalFile {

    private OptionalFile() {}

    /** Reads a file; {@code false} when there is none. */
    static boolean readIfThere(KernelText text, Path file) throws IOException {
        try {
            text.read(file);
            return true;
        } catch (FileNotFoundException e) {
            if (Files.exists(file)) {
                throw e;
            }
            return false;
        }
    }

    /**
     * The names of what is in a folder, in no order.
     *
     * @param absence what it means that there is none
     * @throws NoDataException when there is none
     */
    static String[] names(Path folder, String absence) throws IOException {
        String[] names = namesIfThere(folder);
        if (names == null) {
            if (Files.exists(folder)) {
                throw new IOException(folder + " cannot be listed");
            }
            throw new NoDataException(absence);
        }
        return names;
    }

    /** The names of what is in a folder, in no order; {@code null} when it cannot be listed. */
    static String @Nullable [] namesIfThere(Path folder) {
        return new File(folder.toString()).list();
    }
}
