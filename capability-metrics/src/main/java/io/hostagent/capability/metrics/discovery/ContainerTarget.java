// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.discovery;

import io.hostagent.core.cluster.NodeIdentity;
import io.hostagent.core.docker.Container;
import io.hostagent.core.docker.ContainerDetails.Network;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One endpoint as Prometheus' HTTP service discovery takes it: where it is, and labels by the names
 * that Prometheus' own discovery of Docker ({@code docker_sd_configs}) and of a Swarm ({@code
 * dockerswarm_sd_configs}) gives them, so that rules written for those work.
 */
final class ContainerTarget {

    private static final String DOCKER = "__meta_docker_";
    private static final String SWARM = "__meta_dockerswarm_";
    private static final String LABEL = DOCKER + "container_label_";
    private static final String NETWORK = DOCKER + "network_";
    private static final String NETWORK_LABEL = NETWORK + "label_";

    /** {@code SERVICE.SLOT.TASK}; where each node has one task, its ID stands in for the slot. */
    private static final Pattern TASK = Pattern.compile(".*\\.([0-9]{1,9})\\.[a-z0-9]+");

    private final NodeIdentity node;
    private final Map<String, EngineNetwork> networks;

    ContainerTarget(NodeIdentity node, Map<String, EngineNetwork> networks) {
        this.node = node;
        this.networks = networks;
    }

    /**
     * A target that Prometheus reaches by itself, in the container's first network.
     *
     * @param network of the endpoint, with an address
     */
    Map<String, Object> direct(Endpoint endpoint, Network network) {
        Map<String, Object> labels = labels(endpoint);
        endpoint.wish().path().ifPresent(path -> labels.put("__metrics_path__", path));
        endpoint.wish().scheme().ifPresent(scheme -> labels.put("__scheme__", scheme));
        return target(address(network.address(), endpoint.port()), labels);
    }

    /**
     * A target that an agent passes on.
     *
     * @param agent where Prometheus reaches it
     */
    Map<String, Object> proxied(Endpoint endpoint, String agent) {
        Container container = endpoint.container().container();
        Map<String, Object> labels = labels(endpoint);
        labels.put("__scheme__", "https");
        labels.put(
                "__metrics_path__",
                "/proxy/%s/%d%s"
                        .formatted(
                                container.id(), endpoint.port(), endpoint.wish().pathOrDefault()));
        // All targets of a host have the agent's address, which would make them one.
        labels.put("instance", node.nodeName() + "/" + container.name() + ":" + endpoint.port());
        return target(agent, labels);
    }

    private static Map<String, Object> target(String address, Map<String, Object> labels) {
        return Map.of("targets", List.of(address), "labels", labels);
    }

    private Map<String, Object> labels(Endpoint endpoint) {
        Map<String, Object> labels = new LinkedHashMap<>();
        Container container = endpoint.container().container();
        labels.put(DOCKER + "container_id", container.id().value());
        labels.put(DOCKER + "container_name", "/" + container.name());
        labels.put(DOCKER + "container_image", container.image());
        labels.put(DOCKER + "container_network_mode", endpoint.container().networkMode());
        container.labels().forEach((key, value) -> labels.put(LabelName.of(LABEL, key), value));
        endpoint.networks().stream().findFirst().ifPresent(network -> add(labels, network));
        labels.put(DOCKER + "port_private", String.valueOf(endpoint.port()));
        endpoint.published()
                .ifPresent(
                        port -> {
                            labels.put(
                                    DOCKER + "port_public",
                                    String.valueOf(port.published().orElse(0)));
                            labels.put(DOCKER + "port_public_ip", port.publishedAddress());
                        });
        addTask(labels, container);
        AgentTarget.addNode(labels, node);
        addWish(labels, endpoint.wish());
        return labels;
    }

    private void add(Map<String, Object> labels, Network network) {
        labels.put(NETWORK + "ip", network.address());
        labels.put(NETWORK + "id", network.id());
        labels.put(NETWORK + "name", network.name());
        EngineNetwork known = networks.get(network.id());
        if (known != null) {
            labels.put(NETWORK + "scope", known.scope());
            labels.put(NETWORK + "internal", String.valueOf(known.internal()));
            labels.put(NETWORK + "ingress", String.valueOf(known.ingress()));
            known.labels()
                    .forEach((key, value) -> labels.put(LabelName.of(NETWORK_LABEL, key), value));
        }
    }

    /** What the labels tell that the Swarm gives to the container of a task. */
    private void addTask(Map<String, Object> labels, Container container) {
        Map<String, String> told = container.labels();
        String task = told.get("com.docker.swarm.task.id");
        if (task == null) {
            return;
        }
        labels.put(SWARM + "task_id", task);
        labels.put(SWARM + "task_container_id", container.id().value());
        labels.put(SWARM + "service_id", told.getOrDefault("com.docker.swarm.service.id", ""));
        labels.put(SWARM + "service_name", told.getOrDefault("com.docker.swarm.service.name", ""));
        labels.put(SWARM + "node_id", told.getOrDefault("com.docker.swarm.node.id", ""));
        labels.put(SWARM + "node_hostname", node.nodeName());
        labels.put(SWARM + "node_role", node.role().word());
        Matcher slot = TASK.matcher(told.getOrDefault("com.docker.swarm.task.name", ""));
        if (slot.matches()) {
            labels.put(SWARM + "task_slot", slot.group(1));
        }
    }

    private static void addWish(Map<String, Object> labels, OptIn wish) {
        wish.interval()
                .ifPresent(
                        interval -> {
                            labels.put("__scrape_interval__", interval.text());
                            labels.put("__scrape_timeout__", interval.timeout());
                        });
        if (!wish.ignored().isEmpty()) {
            labels.put("__meta_hostagent_ignored", String.join("; ", wish.ignored()));
        }
    }

    private static String address(String host, int port) {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
