// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.cluster;

import java.util.List;

/**
 * Who an agent is, as it says itself over an authenticated channel.
 *
 * @param nodeName its host, as the engine and the Swarm name it
 * @param nodeId of the Swarm's node, or of the engine outside of one; what counts nodes
 * @param swarm whether it is part of a Swarm
 * @param role at the time of asking
 * @param port it listens on
 * @param capabilities names of those that are on
 * @param version of the agent
 * @param instance another one for each start of an agent
 * @param started milliseconds since 1970 by the clock of its host; of two agents on one node the
 *     younger one counts
 */
public record NodeIdentity(
        String nodeName,
        String nodeId,
        boolean swarm,
        Role role,
        int port,
        List<String> capabilities,
        String version,
        String instance,
        long started) {

    public NodeIdentity {
        capabilities = List.copyOf(capabilities);
    }

    /** The same in another role. */
    NodeIdentity as(Role other) {
        return new NodeIdentity(
                nodeName, nodeId, swarm, other, port, capabilities, version, instance, started);
    }
}
