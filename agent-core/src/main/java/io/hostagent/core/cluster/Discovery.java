// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.cluster;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import reactor.core.publisher.Mono;

/** Where addresses of agents come from. */
interface Discovery {

    /**
     * What was found.
     *
     * @param addresses where agents listen, this one included, each with the ID of the node it is
     *     on, or with an empty text where only asking tells
     * @param nodes what the orchestrator says of its nodes; empty when there is none, or it is not
     *     to be asked
     */
    record Found(Map<PeerAddress, String> addresses, List<Node> nodes) {

        /** Whether an orchestrator said which nodes there are. */
        boolean told() {
            return !nodes.isEmpty();
        }

        /** These addresses beside those that an orchestrator told of, and its nodes. */
        Found beside(Found told) {
            Map<PeerAddress, String> all = new LinkedHashMap<>(addresses);
            all.putAll(told.addresses);
            return new Found(all, told.nodes);
        }
    }

    /**
     * A node of an orchestrator.
     *
     * @param problem why no agent can be expected to answer there now; empty when one can
     */
    record Node(String id, String name, Role role, String problem) {}

    /**
     * Looks for agents, for about a second at most.
     *
     * @param before the cluster as it was seen last
     * @param who on whose behalf another agent may be asked
     * @param unreachable is told of those that turn out to be gone
     * @return errors when nothing could be found out
     */
    Mono<Found> find(ClusterView before, OnBehalf who, BiConsumer<Member, String> unreachable);
}
