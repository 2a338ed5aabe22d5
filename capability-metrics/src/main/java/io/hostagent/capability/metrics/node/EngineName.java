// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.core.docker.DockerEngine;
import java.util.Optional;

/** How the engine that runs on this very host calls the host. */
public interface EngineName {

    /** There is no engine on this host, or nobody to ask it. */
    EngineName NOBODY = Optional::empty;

    /** Asks this one, which is on this host. */
    static EngineName of(DockerEngine engine) {
        return new AskedEngineName(engine);
    }

    /**
     * Asks, and may wait for the answer as a scrape can: a second at most.
     *
     * @return empty when it has never answered
     */
    Optional<String> ask();
}
