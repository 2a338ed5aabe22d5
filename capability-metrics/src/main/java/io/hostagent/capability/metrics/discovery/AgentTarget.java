// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.discovery;

import io.hostagent.core.cluster.NodeIdentity;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One agent as Prometheus' HTTP service discovery takes it. */
final class AgentTarget {

    private static final String META = "__meta_hostagent_";

    private AgentTarget() {}

    /**
     * An agent.
     *
     * @param address where it is reached
     */
    static Map<String, Object> of(NodeIdentity agent, String address) {
        Map<String, Object> labels = new LinkedHashMap<>();
        labels.put("__scheme__", "https");
        // An agent has another address after each start, and is the same host all the same.
        labels.put("instance", agent.nodeName());
        addNode(labels, agent);
        labels.put(META + "version", agent.version());
        // With a comma at both ends, so that a rule finds a whole word.
        labels.put(META + "capabilities", "," + String.join(",", agent.capabilities()) + ",");
        return Map.of("targets", List.of(address), "labels", labels);
    }

    /** Adds which node something is on. */
    static void addNode(Map<String, Object> labels, NodeIdentity node) {
        labels.put(META + "node_name", node.nodeName());
        labels.put(META + "node_id", node.nodeId());
        labels.put(META + "node_role", node.role().word());
    }
}
