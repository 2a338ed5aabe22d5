// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.exporter;

import io.hostagent.capability.metrics.discovery.Endpoint;
import io.hostagent.capability.metrics.discovery.Endpoints;
import io.hostagent.capability.metrics.discovery.EngineNetworks;
import io.hostagent.capability.metrics.discovery.OptIn;
import io.hostagent.core.docker.ContainerDetails;
import io.hostagent.core.docker.ContainerDetails.Network;
import io.hostagent.core.error.CallerException;
import io.hostagent.core.error.ContainerException;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;

/**
 * Which exporters of this host may be scraped: those in containers that ask for it, at the port and
 * below the path that they name, and nothing else.
 */
public final class Exporters {

    private final Endpoints endpoints;
    private final EngineNetworks networks;
    private final Optional<String> ownContainer;

    /**
     * Prepares the decision.
     *
     * @param ownContainer the ID of the container that this agent is in, if it is in one
     */
    public Exporters(Endpoints endpoints, EngineNetworks networks, Optional<String> ownContainer) {
        this.endpoints = endpoints;
        this.networks = networks;
        this.ownContainer = ownContainer;
    }

    /**
     * The exporter that a path names; empty when this host has no such container.
     *
     * @return errors with a {@link CallerException} 403 for what the container did not ask for, and
     *     with a {@link ContainerException} 502 when it is in no network of this host
     */
    Mono<Exporter> find(TargetPath path, EventLoop loop) {
        return Mono.justOrEmpty(endpoints.of(path.container()))
                .flatMap(
                        offer -> {
                            Endpoint endpoint = allowed(offer, path);
                            List<String> ids =
                                    endpoint.networks().stream().map(Network::id).toList();
                            return networks.of(ids, loop)
                                    .map(
                                            known ->
                                                    exporter(
                                                            endpoint,
                                                            reach().addresses(
                                                                            endpoint.networks(),
                                                                            known)));
                        });
    }

    private static Endpoint allowed(Endpoints.Offer offer, TargetPath path) {
        ContainerDetails container = offer.container();
        String name = container.container().name();
        if (offer.wish().isEmpty()) {
            throw refused(name, "It does not ask for it: set its label prometheus.io/scrape=true");
        }
        if (offer.onHostNetwork()) {
            throw refused(
                    name,
                    "It has the host's network, whose ports are not its own: scrape it at the host");
        }
        OptIn wish = offer.wish().get();
        if (!path.isWithin(wish.pathOrDefault())) {
            throw refused(
                    name,
                    "It offers its metrics at "
                            + wish.pathOrDefault()
                            + ": set its label prometheus.io/path for another path");
        }
        return offer.endpoints().stream()
                .filter(endpoint -> endpoint.port() == path.port())
                .findFirst()
                .orElseThrow(() -> refused(name, atOtherPorts(offer)));
    }

    private static String atOtherPorts(Endpoints.Offer offer) {
        String ports =
                offer.endpoints().stream()
                        .map(endpoint -> String.valueOf(endpoint.port()))
                        .collect(Collectors.joining(", "));
        return (ports.isEmpty() ? "It exposes no TCP port" : "It offers port " + ports)
                + ": set its label prometheus.io/port for another one";
    }

    private static CallerException refused(String name, String details) {
        return CallerException.forbidden(
                "The container '" + name + "' is not scraped there", details);
    }

    private static Exporter exporter(Endpoint endpoint, List<String> addresses) {
        ContainerDetails container = endpoint.container();
        if (addresses.isEmpty()) {
            throw ContainerException.failed(
                    "The container '" + container.container().name() + "' cannot be reached",
                    "It is in no network that this agent can reach ("
                            + endpoint.networks().stream()
                                    .map(Network::name)
                                    .collect(Collectors.joining(", "))
                            + "): let both be in one network, or the agent on the host's",
                    null);
        }
        return new Exporter(
                container.container().id(),
                container.container().name(),
                addresses,
                endpoint.port(),
                endpoint.wish().tls());
    }

    private Reach reach() {
        return new Reach(
                ownContainer.map(id -> Set.copyOf(endpoints.networksOf(id))).orElse(Set.of()),
                Routes::ofTheKernel);
    }
}
