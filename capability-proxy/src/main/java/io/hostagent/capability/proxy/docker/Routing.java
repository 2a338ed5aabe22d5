// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.docker;

import io.hostagent.core.cluster.Addressee;
import io.hostagent.core.cluster.ClusterView;
import io.hostagent.core.cluster.Directory;
import io.hostagent.core.cluster.Member;
import io.hostagent.core.cluster.PeerHeaders;
import io.hostagent.core.error.ClusterException;
import io.hostagent.core.relay.Relay;
import io.hostagent.core.web.Exchange;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Decides which node answers a request. Alone, an agent answers everything itself. */
public final class Routing {

    private static final String MANAGER_OPERATION = "X-PortainerAgent-ManagerOperation";

    /** Who answers. */
    public sealed interface Destination {

        /** The engine on this host. */
        record Here() implements Destination {}

        /** The agent on another node. */
        record There(Member member) implements Destination {}

        /** All nodes, each with its part of a list. */
        record Everywhere(ClusterView view) implements Destination {}
    }

    private static final Destination HERE = new Destination.Here();

    private final Directory directory;
    private final Whereabouts whereabouts;
    private final boolean automatic;

    /**
     * Makes the rules.
     *
     * @param automatic whether a request finds the node of what it names by itself
     */
    public Routing(Directory directory, Whereabouts whereabouts, boolean automatic) {
        this.directory = directory;
        this.whereabouts = whereabouts;
        this.automatic = automatic;
    }

    /** Who answers a call of the Docker API; errors with a {@link ClusterException}. */
    Mono<Destination> of(Exchange exchange) {
        return decide(exchange, view -> byPath(exchange, view));
    }

    /**
     * Who answers a call about one thing, wherever it is.
     *
     * @param object such as {@code /containers/ID/json}, a path of the Docker API
     * @param named the node that the request names besides the usual header; empty for none
     */
    public Mono<Destination> of(Exchange exchange, String object, String named) {
        return decide(
                exchange,
                view -> {
                    String target = Addressee.target(exchange);
                    String node = target.isEmpty() ? named : target;
                    return node.isEmpty()
                            ? byObject(exchange, object, view)
                            : Mono.just(node(view, node));
                });
    }

    @FunctionalInterface
    private interface Rule {
        Mono<Destination> apply(Clustered view);
    }

    private record Clustered(ClusterView view, Member self) {}

    private Mono<Destination> decide(Exchange exchange, Rule rule) {
        return directory
                .view(Addressee.who(exchange))
                .flatMap(
                        view ->
                                view.self()
                                        .map(
                                                self ->
                                                        decide(
                                                                exchange,
                                                                rule,
                                                                new Clustered(view, self)))
                                        .orElseGet(
                                                () -> Mono.error(ClusterException.unknownSelf())))
                .onErrorResume(
                        ClusterException.class,
                        failure ->
                                failure.isUnknownSelf() && !namesANode(exchange)
                                        ? Mono.just(HERE)
                                        : Mono.error(failure))
                .defaultIfEmpty(HERE);
    }

    private static Mono<Destination> decide(Exchange exchange, Rule rule, Clustered view) {
        if (!Addressee.passedOn(exchange)) {
            return rule.apply(view);
        }
        Addressee.of(exchange, view.view(), view.self());
        return Mono.just(HERE);
    }

    /** What is meant for a certain node must not be done by one that does not know who it is. */
    private static boolean namesANode(Exchange exchange) {
        HttpHeaders headers = exchange.request().requestHeaders();
        return headers.contains(PeerHeaders.HOP)
                || !Addressee.target(exchange).isEmpty()
                || !headers.get(MANAGER_OPERATION, "").isEmpty();
    }

    private Mono<Destination> byPath(Exchange exchange, Clustered view) {
        HttpHeaders headers = exchange.request().requestHeaders();
        String path = exchange.path().path();
        String target = Addressee.target(exchange);
        if (!headers.get(MANAGER_OPERATION, "").isEmpty()) {
            return Mono.just(manager(view));
        }
        if (NodePaths.isList(path)
                && exchange.request().method().equals(HttpMethod.GET)
                && target.isEmpty()) {
            return Mono.just(new Destination.Everywhere(view.view()));
        }
        if (NodePaths.isManagers(path) && view.self().identity().swarm()) {
            return Mono.just(manager(view));
        }
        return target.isEmpty() ? byObject(exchange, path, view) : Mono.just(node(view, target));
    }

    private static Destination manager(Clustered view) {
        Member manager = view.view().manager().orElseThrow(ClusterException::noManager);
        return manager.self() ? HERE : new Destination.There(manager);
    }

    private static Destination node(Clustered view, String name) {
        return Addressee.named(view.view(), view.self(), name)
                .<Destination>map(Destination.There::new)
                .orElse(HERE);
    }

    private Mono<Destination> byObject(Exchange exchange, String path, Clustered view) {
        @Nullable DockerObject object = automatic ? DockerObject.of(path).orElse(null) : null;
        if (object == null) {
            return Mono.just(HERE);
        }
        HttpMethod method = exchange.request().method();
        boolean looks = method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
        return whereabouts
                .find(
                        object,
                        looks,
                        view.view(),
                        view.self(),
                        Addressee.who(exchange),
                        Relay.channel(exchange.response()).eventLoop())
                .map(
                        place -> {
                            if (!place.missing().isEmpty()) {
                                exchange.response()
                                        .responseHeaders()
                                        .set(
                                                PeerHeaders.UNREACHABLE,
                                                String.join(", ", place.missing()));
                            }
                            return place.member().self()
                                    ? HERE
                                    : new Destination.There(place.member());
                        });
    }
}
