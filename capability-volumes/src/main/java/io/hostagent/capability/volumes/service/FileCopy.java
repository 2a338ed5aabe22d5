// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.service;

import java.io.IOException;
import java.nio.file.Path;

/** Copies files with all that belongs to them. */
@FunctionalInterface
public interface FileCopy {

    /**
     * Copies what is in a folder into another one, and has it on the disk when it returns.
     *
     * @throws IOException in words; a full disk is a {@link
     *     io.hostagent.capability.volumes.backend.NoSpaceException}
     */
    void copy(Path from, Path to) throws IOException;
}
