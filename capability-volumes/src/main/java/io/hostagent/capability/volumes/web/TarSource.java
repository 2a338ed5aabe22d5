// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.web;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** Packs a folder. */
@FunctionalInterface
public interface TarSource {

    /**
     * Begins to pack.
     *
     * @return the archive as it is made; it fails at its end when not all could be packed, and
     *     closing it before gives up
     */
    InputStream open(Path folder) throws IOException;
}
