// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.discovery;

import io.hostagent.core.cluster.NodeIdentity;
import io.hostagent.core.json.JsonTree;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/** The targets in the containers of this host. */
public final class ContainerTargets {

    private final Endpoints endpoints;
    private final EngineNetworks networks;

    public ContainerTargets(Endpoints endpoints, EngineNetworks networks) {
        this.endpoints = endpoints;
        this.networks = networks;
    }

    /**
     * All that a query asks for, as a JSON array.
     *
     * @param node this one
     * @param agent where Prometheus reaches this agent, {@code HOST:PORT}
     */
    Mono<byte[]> document(ContainerQuery query, NodeIdentity node, String agent, EventLoop loop) {
        return networks.all(loop).map(known -> JsonTree.write(targets(query, node, agent, known)));
    }

    List<Map<String, Object>> targets(
            ContainerQuery query,
            NodeIdentity node,
            String agent,
            Map<String, EngineNetwork> known) {
        ContainerTarget target = new ContainerTarget(node, known);
        return endpoints.all(query.all()).stream()
                .filter(
                        endpoint ->
                                query.container().map(id -> id.equals(id(endpoint))).orElse(true))
                .flatMap(endpoint -> target(query, target, endpoint, agent))
                .toList();
    }

    private static String id(Endpoint endpoint) {
        return endpoint.container().container().id().value();
    }

    /** One, or none for a container without an address when Prometheus is to reach it by itself. */
    private static Stream<Map<String, Object>> target(
            ContainerQuery query, ContainerTarget target, Endpoint endpoint, String agent) {
        return query.direct()
                ? endpoint.networks().stream()
                        .limit(1)
                        .map(network -> target.direct(endpoint, network))
                : Stream.of(target.proxied(endpoint, agent));
    }
}
