// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.engine;

import io.hostagent.capability.volumes.service.UserSource;
import io.hostagent.capability.volumes.service.VolumeUser;
import io.hostagent.core.error.AgentException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Containers that run with a volume, as the engine says. While the engine is away it says nothing,
 * and the mounts of the host tell of whatever lives on.
 */
public final class ContainerUsers implements UserSource {

    private static final Logger log = LoggerFactory.getLogger(ContainerUsers.class);

    /** A little more than a call to the engine takes at most. */
    private static final int LIMIT_SECONDS = 4;

    private final EngineVolumes engine;

    public ContainerUsers(EngineVolumes engine) {
        this.engine = engine;
    }

    @Override
    public List<VolumeUser> find(Place place) throws IOException {
        try {
            return engine
                    .users(place.name().value())
                    .toFuture()
                    .get(LIMIT_SECONDS, TimeUnit.SECONDS)
                    .stream()
                    .filter(ContainerUse::isRunning)
                    .map(use -> new VolumeUser("container", use.id(), use.name()))
                    .toList();
        } catch (ExecutionException | TimeoutException e) {
            if (e.getCause() instanceof AgentException || e instanceof TimeoutException) {
                log.debug("The engine does not say who uses {}: {}", place.name(), e.getMessage());
                return List.of();
            }
            throw new IOException("the engine does not say who uses the volume", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the agent ends", e);
        }
    }
}
