// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.service;

import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;

/** The host as its engine sees it. */
@FunctionalInterface
public interface EngineView {

    /**
     * Makes sure that the engine finds a volume where this process has mounted it.
     *
     * @throws IOException with the reason, and what to do, when it does not
     */
    void verify(Path point, UUID id) throws IOException;
}
