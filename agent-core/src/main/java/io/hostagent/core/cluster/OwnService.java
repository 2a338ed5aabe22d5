// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.cluster;

import io.hostagent.core.relay.Upstream;
import io.hostagent.core.relay.UpstreamRequest;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;

/**
 * The Swarm service that this agent is a task of.
 *
 * @param networkIds networks that its container is in
 * @param hostNetwork whether it shares its host's network, and so has its host's address
 * @param publishedPort where the hosts of the service's tasks pass connections on to them; 0 for
 *     nowhere
 */
record OwnService(
        String id, String name, Set<String> networkIds, boolean hostNetwork, int publishedPort) {

    private static final String LABEL = "com.docker.swarm.service.";

    OwnService {
        networkIds = Set.copyOf(networkIds);
    }

    /**
     * Asks the engine what a container is a task of; errors when it does not answer.
     *
     * @param port that the agent listens on
     */
    static Mono<Optional<OwnService>> ask(
            Upstream engine, EventLoop loop, String container, int port) {
        return UpstreamRequest.get(
                        engine,
                        loop,
                        "/containers/" + container + "/json",
                        new DefaultHttpHeaders().set(HttpHeaderNames.HOST, "docker"))
                .map(
                        reply ->
                                reply.status() == 200
                                        ? read(reply.body(), port)
                                        : Optional.<OwnService>empty());
    }

    /** Reads it from the engine's description of the agent's own container. */
    static Optional<OwnService> read(String inspect, int port) {
        Document container = Document.read(inspect);
        Document labels = container.at("Config", "Labels");
        String id = labels.text(LABEL + "id");
        if (id.isEmpty()) {
            return Optional.empty();
        }
        Set<String> networks =
                container.at("NetworkSettings", "Networks").values().stream()
                        .map(network -> network.text("NetworkID"))
                        .filter(network -> !network.isEmpty())
                        .collect(Collectors.toSet());
        boolean hostNetwork = container.text("HostConfig", "NetworkMode").equals("host");
        return Optional.of(
                new OwnService(
                        id,
                        labels.text(LABEL + "name"),
                        networks,
                        hostNetwork,
                        hostNetwork ? port : published(container, port)));
    }

    private static int published(Document container, int port) {
        return container.items("NetworkSettings", "Ports", port + "/tcp").stream()
                .map(binding -> binding.text("HostPort"))
                .filter(text -> text.matches("[0-9]{1,5}"))
                .mapToInt(Integer::parseInt)
                .findFirst()
                .orElse(0);
    }
}
