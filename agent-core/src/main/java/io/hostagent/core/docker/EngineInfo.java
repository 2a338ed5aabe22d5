// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.docker;

import java.time.Instant;

/**
 * An engine, as it describes itself.
 *
 * @param id the engine's own identity, kept over restarts
 * @param name the host's name, which is also the name of the Swarm node
 * @param serverVersion such as {@code 26.1.5}
 * @param api the API versions it speaks
 * @param swarm its place in a Swarm
 * @param systemTime the engine's clock at the moment of answering
 */
public record EngineInfo(
        String id,
        String name,
        String serverVersion,
        ApiRange api,
        SwarmState swarm,
        Instant systemTime) {

    /**
     * A node's place in a Swarm.
     *
     * @param member whether it is part of one
     * @param manager whether it takes a manager's requests
     * @param nodeId empty outside a Swarm
     */
    public record SwarmState(boolean member, boolean manager, String nodeId) {}
}
