// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.docker;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.hostagent.capability.proxy.docker.DockerObject.Kind;
import io.hostagent.core.cluster.Absent;
import io.hostagent.core.cluster.ClusterView;
import io.hostagent.core.cluster.Member;
import io.hostagent.core.cluster.OnBehalf;
import io.hostagent.core.cluster.PeerHeaders;
import io.hostagent.core.cluster.Peers;
import io.hostagent.core.docker.registry.ContainerRegistry;
import io.hostagent.core.error.CallerException;
import io.hostagent.core.error.ClusterException;
import io.hostagent.core.relay.Upstream;
import io.hostagent.core.relay.UpstreamReply;
import io.hostagent.core.relay.UpstreamRequest;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Which node has what a request names, when the request does not say. What is on this node is this
 * node's, as for any engine. For the rest all others are asked at once.
 *
 * <p>Where something was found is remembered, and used to ask that node first: a name can be given
 * to something else any time. Only the full ID of a container or an exec is believed as it is.
 */
public final class Whereabouts {

    private static final int REMEMBERED = 10_000;
    private static final Duration REMEMBERED_FOR = Duration.ofHours(1);

    /** How many nodes are asked at once. */
    private static final int AT_ONCE = 64;

    /**
     * The node of what a request names.
     *
     * @param member this node when no other has it: then its engine finds the words
     * @param missing names of nodes that could not say whether they have it
     */
    record Place(Member member, List<String> missing) {}

    /** What one node said: no answer is not the same as a no. */
    private sealed interface Look {

        record Found(Member member, String id, boolean exact) implements Look {}

        record Nothing() implements Look {}

        record Unknown(Member member, String why) implements Look {}

        static Look of(DockerObject object, Member member, UpstreamReply.Whole reply) {
            return switch (reply.status()) {
                case 200 -> {
                    String id = DockerObject.id(reply.body());
                    yield new Found(member, id, object.isExactly(id));
                }
                case 404 -> new Nothing();
                default -> new Unknown(member, "it answered " + reply.status());
            };
        }
    }

    private final Upstream engine;
    private final ContainerRegistry registry;
    private final Peers peers;
    private final Cache<DockerObject, String> nodes =
            Caffeine.newBuilder()
                    .maximumSize(REMEMBERED)
                    .expireAfterWrite(REMEMBERED_FOR)
                    .executor(Runnable::run)
                    .build();

    public Whereabouts(Upstream engine, ContainerRegistry registry, Peers peers) {
        this.engine = engine;
        this.registry = registry;
        this.peers = peers;
    }

    /**
     * Finds the node of what a request names.
     *
     * @param looks whether the request changes nothing, so that any of several equal things will do
     * @param loop of the client
     * @return errors with 409 when several nodes have one, and with 503 when the request would
     *     change something and a node that is there does not say whether it has one: the wrong one
     *     might be changed
     */
    Mono<Place> find(
            DockerObject object,
            boolean looks,
            ClusterView view,
            Member self,
            OnBehalf who,
            EventLoop loop) {
        List<String> absent = view.absent().stream().map(Absent::name).toList();
        if (object.kind() == Kind.CONTAINER && registry.hasExactly(object.reference())) {
            return Mono.just(new Place(self, List.of()));
        }
        Optional<Member> remembered =
                Optional.ofNullable(nodes.getIfPresent(object)).flatMap(view::node);
        if (object.neverMoves() && remembered.isPresent()) {
            return Mono.just(new Place(remembered.get(), List.of()));
        }
        return here(object, self, loop)
                .flatMap(
                        local ->
                                switch (local) {
                                    case Look.Found found when found.exact() ->
                                            Mono.just(new Place(self, List.of()));
                                    // Its own error says why; elsewhere may be another of the name.
                                    case Look.Unknown unknown when !looks ->
                                            Mono.just(new Place(self, List.of()));
                                    default ->
                                            first(looks, remembered, object, self, who, loop)
                                                    .switchIfEmpty(
                                                            elsewhere(object, view, self, who, loop)
                                                                    .map(
                                                                            others ->
                                                                                    choose(
                                                                                            object,
                                                                                            looks,
                                                                                            local,
                                                                                            others,
                                                                                            self,
                                                                                            absent)));
                                });
    }

    private Mono<Look> here(DockerObject object, Member self, EventLoop loop) {
        HttpHeaders headers = new DefaultHttpHeaders().set(HttpHeaderNames.HOST, "docker");
        return UpstreamRequest.get(engine, loop, object.inspectPath(), headers)
                .map(reply -> Look.of(object, self, reply))
                .onErrorResume(failure -> Mono.just(unknown(self, failure)));
    }

    private Mono<Look> there(
            DockerObject object, Member member, Member self, OnBehalf who, EventLoop loop) {
        HttpHeaders headers =
                peers.headers(member.address(), who)
                        .set(PeerHeaders.TARGET, member.nodeName())
                        .set(PeerHeaders.HOP, self.nodeName());
        return peers.get(member.address(), loop, object.inspectPath(), headers)
                .map(reply -> Look.of(object, member, reply))
                .onErrorResume(failure -> Mono.just(unknown(member, failure)));
    }

    private static Look unknown(Member member, Throwable failure) {
        return new Look.Unknown(member, String.valueOf(failure.getMessage()));
    }

    /** Where it was last; what changes something asks all nodes whether the name is still one's. */
    private Mono<Place> first(
            boolean looks,
            Optional<Member> remembered,
            DockerObject object,
            Member self,
            OnBehalf who,
            EventLoop loop) {
        return Mono.justOrEmpty(remembered)
                .filter(member -> looks && !member.self())
                .flatMap(member -> there(object, member, self, who, loop))
                .ofType(Look.Found.class)
                .filter(Look.Found::exact)
                .map(found -> new Place(found.member(), List.of()));
    }

    private Mono<List<Look>> elsewhere(
            DockerObject object, ClusterView view, Member self, OnBehalf who, EventLoop loop) {
        return Flux.fromIterable(view.members())
                .filter(member -> !member.self())
                .flatMap(member -> there(object, member, self, who, loop), AT_ONCE)
                .collectList();
    }

    private Place choose(
            DockerObject object,
            boolean looks,
            Look local,
            List<Look> others,
            Member self,
            List<String> absent) {
        List<Look> all = new ArrayList<>(others);
        all.add(local);
        List<String> silent =
                all.stream()
                        .filter(Look.Unknown.class::isInstance)
                        .map(look -> ((Look.Unknown) look).member().nodeName())
                        .sorted()
                        .toList();
        List<Look.Found> found = found(all);
        if (!looks && !silent.isEmpty() && !(object.neverMoves() && found.size() == 1)) {
            throw ClusterException.undecided(object.reference(), String.join(", ", silent));
        }
        if (found.isEmpty()) {
            List<String> missing = new ArrayList<>(absent);
            missing.addAll(silent);
            return new Place(self, missing.stream().sorted().toList());
        }
        Member member = one(object, looks, found);
        nodes.put(object, member.nodeName());
        return new Place(member, List.of());
    }

    /** What is meant by its name or whole ID goes before what only begins so. */
    private static List<Look.Found> found(List<Look> all) {
        List<Look.Found> found =
                all.stream()
                        .filter(Look.Found.class::isInstance)
                        .map(Look.Found.class::cast)
                        .toList();
        List<Look.Found> exact = found.stream().filter(Look.Found::exact).toList();
        return exact.isEmpty() ? found : exact;
    }

    private static Member one(DockerObject object, boolean looks, List<Look.Found> found) {
        if (found.size() == 1) {
            return found.getFirst().member();
        }
        boolean same =
                object.mayBeShared() && found.stream().map(Look.Found::id).distinct().count() == 1;
        if (same && (looks || object.kind() == Kind.NETWORK)) {
            return found.stream()
                    .map(Look.Found::member)
                    .min(
                            Comparator.comparing((Member member) -> !member.manager())
                                    .thenComparing(Member::nodeName))
                    .orElseThrow();
        }
        throw new CallerException(
                409,
                "'" + object.reference() + "' is on more than one node",
                "It is on "
                        + found.stream()
                                .map(each -> each.member().nodeName())
                                .sorted()
                                .collect(Collectors.joining(", "))
                        + ": name the node with "
                        + PeerHeaders.TARGET
                        + ", or use the ID");
    }
}
