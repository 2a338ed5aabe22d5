// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.discovery;

import io.hostagent.core.docker.ContainerDetails;
import io.hostagent.core.docker.ContainerDetails.Network;
import io.hostagent.core.docker.ContainerDetails.Port;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A port of a container that Prometheus may scrape.
 *
 * @param container whose port it is
 * @param networks in which the container has an address, by name; those of another container when
 *     it shares that one's
 * @param port TCP
 * @param published the same port on the host; empty where it is not published
 * @param wish how the container wants to be scraped
 */
public record Endpoint(
        ContainerDetails container,
        List<Network> networks,
        int port,
        Optional<Port> published,
        OptIn wish) {

    /** How many containers may share a network in a row; more are a circle. */
    private static final int MOST_SHARING = 8;

    private static final String SHARED = "container:";

    public Endpoint {
        networks = List.copyOf(networks);
    }

    /**
     * Those of a container: at the port that it names, or at all TCP ports that it exposes.
     *
     * @param all containers by their IDs: it may share the network of another one
     */
    static List<Endpoint> of(
            ContainerDetails container, OptIn wish, Map<String, ContainerDetails> all) {
        Map<Integer, Optional<Port>> ports = exposed(container);
        if (wish.port().isPresent()) {
            int port = wish.port().getAsInt();
            ports = Map.of(port, ports.getOrDefault(port, Optional.empty()));
        }
        List<Network> networks = networks(container, all);
        List<Endpoint> endpoints = new ArrayList<>();
        ports.forEach(
                (port, published) ->
                        endpoints.add(new Endpoint(container, networks, port, published, wish)));
        return endpoints;
    }

    /** The TCP ports, in order; one that is published at several addresses comes once. */
    private static Map<Integer, Optional<Port>> exposed(ContainerDetails container) {
        Map<Integer, Optional<Port>> ports = new TreeMap<>();
        for (Port port : container.ports()) {
            if (port.protocol().equals("tcp")) {
                Optional<Port> published = Optional.of(port).filter(p -> p.published().isPresent());
                ports.merge(port.number(), published, (one, other) -> one.or(() -> other));
            }
        }
        return ports;
    }

    private static List<Network> networks(
            ContainerDetails container, Map<String, ContainerDetails> all) {
        ContainerDetails owner = owner(container, all);
        return owner.networks().stream()
                .filter(network -> !network.address().isEmpty())
                .sorted(Comparator.comparing(Network::name))
                .toList();
    }

    /** The container whose network namespace this one is in: itself, unless it shares another's. */
    private static ContainerDetails owner(
            ContainerDetails container, Map<String, ContainerDetails> all) {
        ContainerDetails owner = container;
        for (int i = 0; i < MOST_SHARING && owner.networkMode().startsWith(SHARED); i++) {
            ContainerDetails next = all.get(owner.networkMode().substring(SHARED.length()));
            if (next == null) {
                return owner;
            }
            owner = next;
        }
        return owner;
    }

    /** Whether a container has no network of its own but the host's, by itself or by another's. */
    static boolean isOnHostNetwork(ContainerDetails container, Map<String, ContainerDetails> all) {
        return owner(container, all).networkMode().equals("host");
    }
}
