// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.web;

import java.nio.file.Path;

/** Where the files are that a volume shall be made of. Both calls may block. */
public interface ImportSources {

    /**
     * The folder of a volume of the engine's own driver {@code local}, as this process sees it.
     *
     * @throws io.hostagent.core.error.CallerException 404 when there is none, 409 when it is of
     *     another driver
     */
    Path localVolume(String name);

    /**
     * A folder of the host, as this process sees it.
     *
     * @param path absolute, as the host has it, and without {@code ..}
     * @throws io.hostagent.core.error.CallerException 404 when there is none
     */
    Path folder(String path);
}
