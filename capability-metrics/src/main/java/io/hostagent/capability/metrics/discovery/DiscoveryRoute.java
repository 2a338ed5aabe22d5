// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.discovery;

import io.hostagent.core.cluster.Addressee;
import io.hostagent.core.cluster.ClusterView;
import io.hostagent.core.cluster.Directory;
import io.hostagent.core.cluster.Forwarding;
import io.hostagent.core.cluster.LocalNode;
import io.hostagent.core.cluster.Member;
import io.hostagent.core.cluster.MissingNodes;
import io.hostagent.core.cluster.NodeIdentity;
import io.hostagent.core.cluster.PeerAddress;
import io.hostagent.core.error.CallerException;
import io.hostagent.core.error.ClusterException;
import io.hostagent.core.json.JsonTree;
import io.hostagent.core.relay.Relay;
import io.hostagent.core.web.ApiCall;
import io.hostagent.core.web.ConnectionLoop;
import io.hostagent.core.web.Exchange;
import io.hostagent.core.web.RequestPath;
import io.hostagent.core.web.StreamRoute;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import java.util.List;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/**
 * {@code GET /sd/agents} and {@code GET /sd/containers}: what Prometheus can scrape in the whole
 * cluster, as its {@code http_sd_configs} take it. Nodes that give no answer are left out and named
 * in a header; while this agent knows nothing at all the answer is an error, upon which Prometheus
 * keeps what it knew.
 */
public final class DiscoveryRoute implements StreamRoute {

    private static final String AGENTS = "/sd/agents";

    private final Directory directory;
    private final LocalNode self;
    private final Addressee addressee;
    private final Forwarding forwarding;
    private final ContainerTargets here;
    private final ClusterTargets everywhere;

    public DiscoveryRoute(
            Directory directory,
            LocalNode self,
            Addressee addressee,
            Forwarding forwarding,
            ContainerTargets here,
            ClusterTargets everywhere) {
        this.directory = directory;
        this.self = self;
        this.addressee = addressee;
        this.forwarding = forwarding;
        this.here = here;
        this.everywhere = everywhere;
    }

    @Override
    public boolean covers(RequestPath path) {
        return path.path().equals(AGENTS) || path.path().equals(ContainerQuery.PATH);
    }

    @Override
    public List<ApiCall> calls() {
        return List.of(new ApiCall("GET", AGENTS), new ApiCall("GET", ContainerQuery.PATH));
    }

    @Override
    public Mono<Void> handle(Exchange exchange, Supplier<Mono<Void>> own) {
        if (!exchange.request().method().equals(HttpMethod.GET)) {
            throw new CallerException(405, "Method not allowed", "It is GET");
        }
        EventLoop loop = Relay.channel(exchange.response()).eventLoop();
        if (exchange.path().path().equals(AGENTS)) {
            return view(exchange).flatMap(view -> agents(exchange, view, loop));
        }
        ContainerQuery query = ContainerQuery.of(exchange.path());
        if (Addressee.passedOn(exchange)) {
            return passedOn(exchange, query, loop);
        }
        return addressee
                .of(exchange)
                .map(member -> forwarding.to(member, exchange, null))
                .switchIfEmpty(Mono.fromSupplier(() -> containers(exchange, query, loop)))
                .flatMap(answer -> answer);
    }

    private Mono<Void> agents(Exchange exchange, ClusterView view, EventLoop loop) {
        TargetLists list = new TargetLists(view.absent().stream().map(a -> a.name()).toList());
        list.add(
                "",
                JsonTree.write(
                        view.members().stream()
                                .map(
                                        member ->
                                                AgentTarget.of(
                                                        member.identity(),
                                                        ReachedAt.of(exchange, member)))
                                .toList()));
        return write(exchange, list, loop);
    }

    /** Another agent asks for what is on this node; nobody else has to be asked for that. */
    private Mono<Void> passedOn(Exchange exchange, ContainerQuery query, EventLoop loop) {
        String target = Addressee.target(exchange);
        return identity()
                .flatMap(
                        node ->
                                node.nodeName().equals(target)
                                        ? onThisNode(
                                                exchange,
                                                query,
                                                node,
                                                ReachedAt.asAsked(exchange, node.port()),
                                                loop)
                                        : Mono.error(ClusterException.misdirected(target)));
    }

    private Mono<Void> containers(Exchange exchange, ContainerQuery query, EventLoop loop) {
        return view(exchange).flatMap(view -> containers(exchange, query, view, loop));
    }

    private Mono<Void> containers(
            Exchange exchange, ContainerQuery query, ClusterView view, EventLoop loop) {
        Member member = view.self().orElseThrow(ClusterException::unknownSelf);
        String address = ReachedAt.of(exchange, member);
        if (!Addressee.target(exchange).isEmpty()) {
            return onThisNode(exchange, query, member.identity(), address, loop);
        }
        return everywhere
                .of(query, view, member, address, Addressee.who(exchange), loop)
                .flatMap(lists -> write(exchange, lists, loop));
    }

    private Mono<Void> onThisNode(
            Exchange exchange,
            ContainerQuery query,
            NodeIdentity node,
            String address,
            EventLoop loop) {
        return here.document(query, node, query.via().orElse(address), loop)
                .flatMap(
                        document -> {
                            TargetLists list = new TargetLists(List.of());
                            list.add(node.nodeName(), document);
                            return write(exchange, list, loop);
                        });
    }

    /** The cluster, or this node alone outside of one. */
    private Mono<ClusterView> view(Exchange exchange) {
        return directory.view(Addressee.who(exchange)).switchIfEmpty(identity().map(this::alone));
    }

    private ClusterView alone(NodeIdentity identity) {
        PeerAddress address = new PeerAddress(ReachedAt.NOWHERE, identity.port());
        return new ClusterView(List.of(new Member(identity, address, true)), List.of());
    }

    private Mono<NodeIdentity> identity() {
        return self.identity().switchIfEmpty(Mono.error(ClusterException::unknownSelf));
    }

    private static Mono<Void> write(Exchange exchange, TargetLists lists, EventLoop loop) {
        return ConnectionLoop.write(
                loop,
                () -> {
                    var body = lists.body();
                    var headers = exchange.response().status(200).responseHeaders();
                    headers.set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
                            .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
                    MissingNodes.addTo(headers, lists.missing());
                    return exchange.response().send(Mono.just(body)).then();
                });
    }
}
