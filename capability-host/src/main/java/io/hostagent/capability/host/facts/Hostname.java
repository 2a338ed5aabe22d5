// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.facts;

import io.hostagent.core.docker.EngineInfo;
import io.hostagent.core.kernel.HostFiles;
import io.hostagent.core.kernel.HostName;
import java.util.Optional;

/** The host's name, and who says so. */
final class Hostname {

    private Hostname() {}

    /**
     * Puts it into a part.
     *
     * @param engine what the engine of this very host says, if it says anything
     */
    static Part find(HostFiles files, Optional<EngineInfo> engine) {
        Optional<HostName> found = HostName.find(files, engine.map(EngineInfo::name));
        if (found.isPresent()) {
            return new Part().with("name", found.get().name()).with("source", found.get().source());
        }
        return files.root().isPresent()
                ? new Part()
                        .without(
                                "name",
                                "the host has no /" + HostName.CONFIGURED,
                                "mount the engine's socket")
                : new Part()
                        .without(
                                "name",
                                "neither the engine nor the host's /"
                                        + HostName.CONFIGURED
                                        + " can be asked",
                                "mount the engine's socket, or / at /host");
    }
}
