// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.docker;

import io.hostagent.capability.proxy.docker.Routing.Destination.Everywhere;
import io.hostagent.capability.proxy.docker.Routing.Destination.Here;
import io.hostagent.capability.proxy.docker.Routing.Destination.There;
import io.hostagent.core.cluster.ClusterView;
import io.hostagent.core.cluster.Forwarding;
import io.hostagent.core.cluster.Member;
import io.hostagent.core.docker.ApiRange;
import io.hostagent.core.docker.ApiVersion;
import io.hostagent.core.docker.DockerEngine;
import io.hostagent.core.docker.EngineInfo;
import io.hostagent.core.docker.registry.ContainerRegistry;
import io.hostagent.core.error.CallerException;
import io.hostagent.core.error.EngineException;
import io.hostagent.core.relay.Relay;
import io.hostagent.core.relay.SharedAnswers;
import io.hostagent.core.relay.Upstream;
import io.hostagent.core.relay.UpstreamFailedException;
import io.hostagent.core.relay.UpstreamMisdirectedException;
import io.hostagent.core.relay.UpstreamUnreachableException;
import io.hostagent.core.web.CatchAll;
import io.hostagent.core.web.Exchange;
import io.hostagent.core.web.RequestPath;
import io.netty.handler.codec.http.HttpHeaders;
import reactor.core.publisher.Mono;

/**
 * Passes every request that is not the agent's own to an engine: this host's, or, in a cluster,
 * that of the node it is for.
 */
public final class DockerProxy implements CatchAll {

    private final Upstream engine;
    private final ContainerRegistry registry;
    private final DockerEngine docker;
    private final AllowList allowed;
    private final SharedAnswers shared;
    private final Routing routing;
    private final Forwarding forwarding;
    private final NodeLists lists;

    /**
     * Makes a proxy.
     *
     * @param shared of this engine alone: its keys do not name one
     */
    public DockerProxy(
            Upstream engine,
            ContainerRegistry registry,
            DockerEngine docker,
            AllowList allowed,
            SharedAnswers shared,
            Routing routing,
            Forwarding forwarding,
            NodeLists lists) {
        this.engine = engine;
        this.registry = registry;
        this.docker = docker;
        this.allowed = allowed;
        this.shared = shared;
        this.routing = routing;
        this.forwarding = forwarding;
        this.lists = lists;
    }

    @Override
    public Mono<Void> handle(Exchange exchange) {
        RequestPath path = exchange.path();
        String method = exchange.request().method().name();
        if (!allowed.allows(method, path.path())) {
            return Mono.error(
                    CallerException.forbidden(
                            "The Docker API call is not allowed",
                            "PROXY_ALLOW has no rule for " + method + " " + path.path()));
        }
        return routing.of(exchange)
                .flatMap(
                        destination ->
                                switch (destination) {
                                    case Here() -> local(exchange);
                                    case There(Member member) ->
                                            forwarding.to(
                                                    member,
                                                    exchange,
                                                    RequestHeaders.upgrade(
                                                            exchange.request().requestHeaders()));
                                    case Everywhere(ClusterView view) ->
                                            lists.list(
                                                    exchange, view, localTarget(exchange.path()));
                                });
    }

    private Mono<Void> local(Exchange exchange) {
        RequestPath path = exchange.path();
        String version = path.dockerVersion();
        Mono<Void> answer =
                version == null
                        ? relay(exchange, path.rawTarget())
                        : engineApi()
                                .flatMap(api -> relay(exchange, versioned(api, version, path)));
        return answer.onErrorMap(
                        UpstreamUnreachableException.class, e -> EngineException.unreachable(e))
                .onErrorMap(UpstreamMisdirectedException.class, e -> EngineException.failed(e))
                .onErrorMap(UpstreamFailedException.class, e -> EngineException.failed(e));
    }

    /** Known without asking while the engine is connected; after a restart it is asked once. */
    private Mono<ApiRange> engineApi() {
        return registry.engine()
                .map(EngineInfo::api)
                .map(Mono::just)
                .orElseGet(() -> docker.info().map(EngineInfo::api));
    }

    /** For a list of many nodes: an engine that is away is one of them that is missing. */
    private String localTarget(RequestPath path) {
        String version = path.dockerVersion();
        return version == null
                ? path.rawTarget()
                : registry.engine()
                        .map(engine -> versioned(engine.api(), version, path))
                        .orElse("/v" + version + path.rawTarget());
    }

    private static String versioned(ApiRange api, String version, RequestPath path) {
        return "/v" + api.clamp(ApiVersion.parse(version)) + path.rawTarget();
    }

    private Mono<Void> relay(Exchange exchange, String target) {
        HttpHeaders client = exchange.request().requestHeaders();
        Relay.Outgoing outgoing =
                new Relay.Outgoing(
                        exchange.request().method(),
                        target,
                        RequestHeaders.forEngine(client),
                        RequestHeaders.upgrade(client),
                        exchange.switched());
        String key = SharedReads.key(exchange.path().path(), client, outgoing);
        return key == null
                ? Relay.relay(exchange.request(), exchange.response(), engine, outgoing)
                : shared.relay(exchange.request(), exchange.response(), engine, outgoing, key);
    }
}
