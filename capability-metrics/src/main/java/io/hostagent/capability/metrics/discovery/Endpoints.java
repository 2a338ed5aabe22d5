// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.discovery;

import io.hostagent.core.docker.ContainerDetails;
import io.hostagent.core.docker.registry.StartedContainers;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What there is to scrape in the containers of this host, now. */
public final class Endpoints {

    private final StartedContainers containers;

    public Endpoints(StartedContainers containers) {
        this.containers = containers;
    }

    /**
     * What a container offers to be scraped.
     *
     * @param onHostNetwork whether its ports are the host's
     * @param wish its labels ask for; empty when they ask for nothing
     * @param endpoints none without a wish
     */
    public record Offer(
            ContainerDetails container,
            boolean onHostNetwork,
            Optional<OptIn> wish,
            List<Endpoint> endpoints) {

        public Offer {
            endpoints = List.copyOf(endpoints);
        }
    }

    /** What a container offers; empty when this host has none of this ID that was started. */
    public Optional<Offer> of(String id) {
        Map<String, ContainerDetails> all = byId();
        return Optional.ofNullable(all.get(id))
                .map(
                        container -> {
                            Optional<OptIn> wish = OptIn.of(container.container().labels());
                            return new Offer(
                                    container,
                                    Endpoint.isOnHostNetwork(container, all),
                                    wish,
                                    wish.map(w -> Endpoint.of(container, w, all))
                                            .orElse(List.of()));
                        });
    }

    /**
     * The IDs of the networks that a container of this host is in; none when there is no such one.
     */
    public List<String> networksOf(String id) {
        return Optional.ofNullable(byId().get(id)).stream()
                .flatMap(container -> container.networks().stream())
                .map(ContainerDetails.Network::id)
                .toList();
    }

    /**
     * All of them, by the names of their containers. Ports of the host are not among them.
     *
     * @param unasked whether also of containers that do not ask for it
     */
    List<Endpoint> all(boolean unasked) {
        Map<String, ContainerDetails> all = byId();
        return all.values().stream()
                .sorted(Comparator.comparing(container -> container.container().name()))
                .filter(container -> !Endpoint.isOnHostNetwork(container, all))
                .flatMap(
                        container ->
                                OptIn.of(container.container().labels())
                                        .or(
                                                () ->
                                                        unasked
                                                                ? Optional.of(OptIn.NOTHING_SAID)
                                                                : Optional.empty())
                                        .stream()
                                        .flatMap(
                                                wish -> Endpoint.of(container, wish, all).stream()))
                .toList();
    }

    private Map<String, ContainerDetails> byId() {
        Map<String, ContainerDetails> all = new HashMap<>();
        for (ContainerDetails container : containers.all()) {
            all.put(container.container().id().value(), container);
        }
        return all;
    }
}
