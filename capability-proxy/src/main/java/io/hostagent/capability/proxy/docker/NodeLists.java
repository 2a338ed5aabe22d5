// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.docker;

import io.hostagent.capability.proxy.list.ListRequest;
import io.hostagent.capability.proxy.list.ListShape;
import io.hostagent.capability.proxy.list.ListedNode;
import io.hostagent.capability.proxy.list.MergedLists;
import io.hostagent.capability.proxy.list.NodeFailure;
import io.hostagent.core.cluster.Absent;
import io.hostagent.core.cluster.ClusterView;
import io.hostagent.core.cluster.Directory;
import io.hostagent.core.cluster.Forwarding;
import io.hostagent.core.cluster.Member;
import io.hostagent.core.cluster.OnBehalf;
import io.hostagent.core.cluster.Peers;
import io.hostagent.core.meter.AgentMeters;
import io.hostagent.core.meter.AgentMeters.MissingNode;
import io.hostagent.core.relay.Relay;
import io.hostagent.core.relay.Upstream;
import io.hostagent.core.relay.UpstreamRequest;
import io.hostagent.core.web.Exchange;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Answers a request for a list with the lists of all nodes, this one's engine among them. */
public final class NodeLists {

    private static final String PING = "/_ping";
    private static final Duration PING_LIMIT = Duration.ofMillis(900);

    private final Upstream engine;
    private final Directory directory;
    private final Forwarding forwarding;
    private final Peers peers;
    private final MergedLists merged;
    private final AgentMeters meters;

    public NodeLists(
            Upstream engine,
            Directory directory,
            Forwarding forwarding,
            Peers peers,
            MergedLists merged,
            AgentMeters meters) {
        this.engine = engine;
        this.directory = directory;
        this.forwarding = forwarding;
        this.peers = peers;
        this.merged = merged;
        this.meters = meters;
    }

    /**
     * Writes the list of all nodes.
     *
     * @param localTarget of the request to this engine, its API version clamped
     */
    Mono<Void> list(Exchange exchange, ClusterView view, String localTarget) {
        Set<String> silent = ConcurrentHashMap.newKeySet();
        HttpHeaders local = RequestHeaders.forEngine(exchange.request().requestHeaders());
        EventLoop loop = Relay.channel(exchange.response()).eventLoop();
        if (!view.absent().isEmpty()) {
            meters.missing(MissingNode.ABSENT, view.absent().size());
        }
        List<ListedNode> nodes =
                view.members().stream()
                        .map(
                                member ->
                                        member.self()
                                                ? here(member, localTarget, local, loop)
                                                : there(member, exchange, loop, silent))
                        .toList();
        return merged.list(
                exchange,
                new ListRequest(
                        exchange.path().path().equals("/volumes")
                                ? ListShape.VOLUMES
                                : ListShape.ARRAY,
                        nodes,
                        view.absent().stream().map(Absent::name).toList(),
                        failure -> failed(view, failure, silent)),
                key(exchange, localTarget, local));
    }

    private ListedNode here(Member self, String target, HttpHeaders headers, EventLoop loop) {
        return new ListedNode(
                self.nodeName(), engine, target, headers, () -> answers(engine, loop, headers));
    }

    private ListedNode there(Member member, Exchange exchange, EventLoop loop, Set<String> silent) {
        Upstream agent = peers.at(member.address());
        HttpHeaders headers = forwarding.headers(member, exchange);
        return new ListedNode(
                member.nodeName(),
                agent,
                Forwarding.target(exchange.path()),
                headers,
                () -> {
                    silent.add(member.nodeName());
                    return agentAndEngine(member, loop, answers(agent, loop, headers));
                });
    }

    /** An engine that is busy with a list still answers this; one that hangs does not. */
    private static Mono<Boolean> answers(Upstream upstream, EventLoop loop, HttpHeaders headers) {
        return UpstreamRequest.get(upstream, loop, PING, headers.copy(), PING_LIMIT)
                .map(reply -> reply.status() == 200)
                .onErrorReturn(false);
    }

    /** A node without its engine has no list, and an agent all the same. */
    private Mono<Boolean> agentAndEngine(Member member, EventLoop loop, Mono<Boolean> engine) {
        Mono<Boolean> agent =
                peers.alive(member.address(), loop)
                        .doOnNext(
                                alive -> {
                                    if (!alive) {
                                        directory.failed(member, "it is silent");
                                    }
                                });
        return Mono.zip(agent, engine, (one, other) -> one && other);
    }

    private void failed(ClusterView view, NodeFailure failure, Set<String> silent) {
        meters.missing(why(failure.kind()), 1);
        String node = failure.nodeName();
        if (failure.kind() == NodeFailure.Kind.UNREACHABLE && !silent.contains(node)) {
            view.node(node).ifPresent(member -> directory.failed(member, failure.why()));
        }
    }

    private static MissingNode why(NodeFailure.Kind kind) {
        return switch (kind) {
            case UNREACHABLE -> MissingNode.UNREACHABLE;
            case MALFORMED -> MissingNode.MALFORMED;
            case REFUSED -> MissingNode.REFUSED;
        };
    }

    /** Who is asked with a client's signature answers that client, and not one without. */
    private static @Nullable String key(Exchange exchange, String target, HttpHeaders local) {
        HttpHeaders client = exchange.request().requestHeaders();
        String key =
                SharedReads.key(
                        exchange.path().path(),
                        client,
                        new Relay.Outgoing(
                                exchange.request().method(), target, local, null, () -> {}));
        OnBehalf who = OnBehalf.of(exchange.caller(), client::get);
        return key == null ? null : (who.signed() ? "signed\n" : "unsigned\n") + key;
    }
}
