// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.docker;

import io.hostagent.core.cluster.Absent;
import io.hostagent.core.cluster.ClusterView;
import io.hostagent.core.cluster.Directory;
import io.hostagent.core.cluster.Member;
import io.hostagent.core.cluster.OnBehalf;
import io.hostagent.core.cluster.PeerHeaders;
import io.hostagent.core.error.CallerException;
import io.hostagent.core.error.ClusterException;
import io.hostagent.core.relay.Relay;
import io.hostagent.core.web.Exchange;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.util.Optional;
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
                    String target = target(exchange);
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
                .view(who(exchange))
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
        return exchange.request().requestHeaders().contains(PeerHeaders.HOP)
                ? Mono.just(passedOn(exchange, view))
                : rule.apply(view);
    }

    /** What is meant for a certain node must not be done by one that does not know who it is. */
    private static boolean namesANode(Exchange exchange) {
        HttpHeaders headers = exchange.request().requestHeaders();
        return headers.contains(PeerHeaders.HOP)
                || !target(exchange).isEmpty()
                || !headers.get(MANAGER_OPERATION, "").isEmpty();
    }

    /** A request that was passed on once is for this node, or it is for nobody. */
    private static Destination passedOn(Exchange exchange, Clustered view) {
        String target = target(exchange);
        if (!target.equals(view.self().nodeName())) {
            throw ClusterException.misdirected(target);
        }
        return HERE;
    }

    private Mono<Destination> byPath(Exchange exchange, Clustered view) {
        HttpHeaders headers = exchange.request().requestHeaders();
        String path = exchange.path().path();
        String target = target(exchange);
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
        if (name.equals(view.self().nodeName())) {
            return HERE;
        }
        if (view.view().members().stream().filter(m -> m.nodeName().equals(name)).count() > 1) {
            throw new CallerException(
                    409,
                    "More than one node is named '" + name + "'",
                    "Give the hosts names of their own, and restart their engines and agents");
        }
        Optional<Member> member = view.view().node(name);
        if (member.isPresent()) {
            return new Destination.There(member.get());
        }
        for (Absent absent : view.view().absent()) {
            if (absent.name().equals(name)) {
                throw ClusterException.absent(name, absent.why());
            }
        }
        throw ClusterException.noSuchNode();
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
                        who(exchange),
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

    private static OnBehalf who(Exchange exchange) {
        return OnBehalf.of(exchange.caller(), exchange.request().requestHeaders()::get);
    }

    private static String target(Exchange exchange) {
        return exchange.request().requestHeaders().get(PeerHeaders.TARGET, "");
    }
}
