// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hostagent.core.relay.Upstream;
import io.hostagent.core.relay.UpstreamReply;
import io.hostagent.core.relay.UpstreamRequest;
import io.hostagent.core.relay.UpstreamUnreachableException;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The tasks of this agent's own service: from this engine if it is a manager, else from the agents
 * on managers that were seen before, from those on the hosts that this engine knows as managers',
 * or, if no manager can be asked, from the Swarm's name server, which knows {@code tasks.SERVICE}.
 */
final class SwarmDiscovery implements Discovery {

    /** Longer than a connect, so that a host that is gone is told from one that is slow. */
    private static final Duration LIMIT = Duration.ofMillis(1_100);

    private static final Duration HOST_LIMIT = Duration.ofSeconds(1);

    /** How long one source may be silent before the next one is asked as well. */
    private static final Duration HEAD_START = Duration.ofMillis(200);

    /** How many managers are asked one after the other. */
    private static final int MANAGERS = 2;

    private final OwnService service;
    private final int port;
    private final LocalNode self;
    private final Upstream engine;
    private final Supplier<EventLoop> loops;
    private final Peers peers;
    private final Names names;
    private final String tasks;

    SwarmDiscovery(
            OwnService service,
            int port,
            LocalNode self,
            Upstream engine,
            Supplier<EventLoop> loops,
            Peers peers,
            Names names) {
        this.service = service;
        this.port = port;
        this.self = self;
        this.engine = engine;
        this.loops = loops;
        this.peers = peers;
        this.names = names;
        String filters = "{\"service\":[\"" + service.id() + "\"],\"desired-state\":[\"running\"]}";
        this.tasks = "/tasks?filters=" + URLEncoder.encode(filters, UTF_8);
    }

    @Override
    public Mono<Found> find(
            ClusterView before, OnBehalf who, BiConsumer<Member, String> unreachable) {
        Mono<Found> own =
                self.identity()
                        .filter(identity -> identity.role() == Role.MANAGER)
                        .flatMap(identity -> found(this::fromEngine));
        return HeadStart.of(HEAD_START, own, fromManagers(before, who, unreachable), fromHosts(who))
                .switchIfEmpty(Mono.defer(this::fromNames));
    }

    private Mono<Found> fromManagers(
            ClusterView before, OnBehalf who, BiConsumer<Member, String> unreachable) {
        List<Member> managers =
                before.members().stream()
                        .filter(member -> member.manager() && !member.self())
                        .limit(MANAGERS)
                        .toList();
        return Flux.fromIterable(managers)
                .concatMap(
                        manager ->
                                found(target -> fromAgent(manager, target, who))
                                        .doOnError(
                                                UpstreamUnreachableException.class,
                                                gone ->
                                                        unreachable.accept(
                                                                manager, Reason.of(gone)))
                                        .onErrorComplete())
                .next();
    }

    /**
     * By the addresses that this engine has of the managers' hosts, where the service's port is
     * published: the name server knows a task only once it is healthy.
     */
    private Mono<Found> fromHosts(OnBehalf who) {
        if (service.publishedPort() == 0) {
            return Mono.empty();
        }
        OnBehalf asker = new OnBehalf(null, who.signature());
        return Flux.defer(() -> Flux.fromIterable(self.managers()))
                .map(host -> new PeerAddress(host, service.publishedPort()))
                .flatMap(
                        host ->
                                identity(host, asker)
                                        .flatMap(
                                                manager ->
                                                        found(
                                                                target ->
                                                                        fromAgent(
                                                                                manager, target,
                                                                                who)))
                                        .onErrorComplete())
                .next();
    }

    private Mono<Member> identity(PeerAddress host, OnBehalf asker) {
        return peers.get(host, Identities.PATH, peers.headers(host, asker), HOST_LIMIT)
                .filter(reply -> reply.status() == 200)
                .map(reply -> new Member(IdentityJson.read(reply.body()), host, false));
    }

    private Mono<Found> found(Function<String, Mono<UpstreamReply.Whole>> ask) {
        return Mono.zip(ask.apply(tasks), ask.apply("/nodes"))
                .map(both -> SwarmTasks.read(service, port, body(both.getT1()), body(both.getT2())))
                .filter(found -> !found.addresses().isEmpty());
    }

    private static String body(UpstreamReply.Whole reply) {
        if (reply.status() != 200) {
            throw new IllegalStateException("the manager answered " + reply.status());
        }
        return reply.body();
    }

    private Mono<UpstreamReply.Whole> fromEngine(String target) {
        HttpHeaders headers = new DefaultHttpHeaders().set(HttpHeaderNames.HOST, "docker");
        return UpstreamRequest.get(engine, loops.get(), target, headers, LIMIT);
    }

    private Mono<UpstreamReply.Whole> fromAgent(Member manager, String target, OnBehalf who) {
        HttpHeaders headers =
                peers.headers(manager.address(), new OnBehalf(null, who.signature()))
                        .set(PeerHeaders.TARGET, manager.nodeName());
        self.lastKnown()
                .map(NodeIdentity::nodeName)
                .ifPresent(name -> headers.set(PeerHeaders.HOP, name));
        return peers.get(manager.address(), target, headers, LIMIT);
    }

    private Mono<Found> fromNames() {
        return names.addresses("tasks." + service.name())
                .map(
                        hosts -> {
                            Map<PeerAddress, String> found = new LinkedHashMap<>();
                            hosts.forEach(host -> found.put(new PeerAddress(host, port), ""));
                            return new Found(found, List.of());
                        });
    }
}
