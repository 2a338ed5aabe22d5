// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.docker;

import java.util.List;
import java.util.Set;

/** Which calls of the Docker API are the business of which node, by their path. */
final class NodePaths {

    /** What every node has its own list of, and a Swarm has none. */
    private static final Set<String> LISTS =
            Set.of("/containers/json", "/images/json", "/volumes", "/networks");

    /** What a manager answers for the whole Swarm. */
    private static final List<String> MANAGERS =
            List.of("/services", "/tasks", "/secrets", "/configs", "/swarm", "/info", "/nodes");

    /**
     * What a node does itself to belong to a Swarm, or not to. Sent to a manager, as the original
     * agent would, {@code docker swarm leave} on a worker would take the manager out.
     */
    private static final Set<String> OWN =
            Set.of("/swarm/init", "/swarm/join", "/swarm/leave", "/swarm/unlock");

    private NodePaths() {}

    static boolean isList(String path) {
        return LISTS.contains(path);
    }

    static boolean isManagers(String path) {
        return !OWN.contains(path)
                && MANAGERS.stream()
                        .anyMatch(
                                prefix ->
                                        path.startsWith(prefix)
                                                && (path.length() == prefix.length()
                                                        || path.charAt(prefix.length()) == '/'));
    }
}
