// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.console;

import io.hostagent.capability.proxy.docker.AllowList;
import io.hostagent.capability.proxy.docker.Routing;
import io.hostagent.capability.proxy.docker.Routing.Destination.There;
import io.hostagent.core.cluster.Forwarding;
import io.hostagent.core.cluster.Member;
import io.hostagent.core.error.CallerException;
import io.hostagent.core.error.EngineException;
import io.hostagent.core.json.JsonTree;
import io.hostagent.core.relay.RawPipeline;
import io.hostagent.core.relay.RawStream;
import io.hostagent.core.relay.Relay;
import io.hostagent.core.relay.Upstream;
import io.hostagent.core.relay.UpstreamFailedException;
import io.hostagent.core.relay.UpstreamReply;
import io.hostagent.core.relay.UpstreamReply.Whole;
import io.hostagent.core.relay.UpstreamRequest;
import io.hostagent.core.relay.UpstreamUnreachableException;
import io.hostagent.core.web.ApiCall;
import io.hostagent.core.web.Exchange;
import io.hostagent.core.web.RequestPath;
import io.hostagent.core.web.StreamRoute;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/**
 * {@code /websocket/exec} and {@code /websocket/attach}. The engine's stream is had before the
 * WebSocket is accepted, so whatever goes wrong until then is an answer with a status.
 */
public final class ConsoleRoute implements StreamRoute {

    /** Shorter than what proxies between allow a quiet connection, which is a minute or more. */
    private static final Duration PING_INTERVAL = Duration.ofSeconds(30);

    private final Upstream engine;
    private final AllowList allowed;
    private final Routing routing;
    private final Forwarding forwarding;

    /** Makes the route to consoles on this host, and through other agents to those elsewhere. */
    public ConsoleRoute(
            Upstream engine, AllowList allowed, Routing routing, Forwarding forwarding) {
        this.engine = engine;
        this.allowed = allowed;
        this.routing = routing;
        this.forwarding = forwarding;
    }

    @Override
    public boolean covers(RequestPath path) {
        return ConsoleTarget.covers(path);
    }

    @Override
    public List<ApiCall> calls() {
        return Stream.of("", "/v1", "/v2")
                .flatMap(prefix -> Stream.of("exec", "attach").map(n -> prefix + "/websocket/" + n))
                .map(path -> new ApiCall("GET", path))
                .toList();
    }

    @Override
    public Mono<Void> handle(Exchange exchange, Supplier<Mono<Void>> own) {
        ConsoleTarget target = ConsoleTarget.of(exchange.path());
        HttpHeaders handshake = Handshake.answer(exchange.request());
        if (!allowed.allows("POST", target.streamPath())) {
            throw CallerException.forbidden(
                    "The Docker API call is not allowed",
                    "PROXY_ALLOW has no rule for POST " + target.streamPath());
        }
        return routing.of(exchange, target.inspectPath(), ConsoleTarget.nodeName(exchange.path()))
                .flatMap(
                        destination ->
                                switch (destination) {
                                    case There(Member member) ->
                                            forwarding.to(member, exchange, "websocket");
                                    default -> here(exchange, target, handshake);
                                });
    }

    private Mono<Void> here(Exchange exchange, ConsoleTarget target, HttpHeaders handshake) {
        return open(exchange, engine, target, handshake)
                .onErrorMap(UpstreamUnreachableException.class, e -> EngineException.unreachable(e))
                .onErrorMap(UpstreamFailedException.class, e -> EngineException.failed(e));
    }

    private Mono<Void> open(
            Exchange exchange, Upstream where, ConsoleTarget target, HttpHeaders handshake) {
        EventLoop loop = Relay.channel(exchange.response()).eventLoop();
        return UpstreamRequest.get(where, loop, target.inspectPath(), headers())
                .map(reply -> terminal(target, reply))
                .flatMap(terminal -> join(exchange, where, target, handshake, terminal));
    }

    private static Mono<Void> join(
            Exchange exchange,
            Upstream where,
            ConsoleTarget target,
            HttpHeaders handshake,
            boolean terminal) {
        Channel client = Relay.channel(exchange.response());
        EventLoop loop = client.eventLoop();
        return stream(where, loop, target, terminal)
                .flatMap(
                        stream -> {
                            exchange.switched().run();
                            Console.open(
                                    client,
                                    RawPipeline.switching(
                                            HttpResponseStatus.SWITCHING_PROTOCOLS,
                                            handshake,
                                            exchange.response().responseHeaders()),
                                    stream::take,
                                    new ConsoleOutput(terminal),
                                    answers(where, loop, target),
                                    PING_INTERVAL);
                            // Reactor Netty's part in this connection is over.
                            return Mono.never();
                        });
    }

    private static Mono<RawStream> stream(
            Upstream where, EventLoop loop, ConsoleTarget target, boolean terminal) {
        HttpHeaders headers =
                headers().set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON);
        return UpstreamRequest.open(
                        where,
                        loop,
                        target.streamPath() + target.streamQuery(),
                        headers,
                        target.streamBody(terminal))
                .map(
                        reply ->
                                switch (reply) {
                                    case UpstreamReply.Raw(RawStream stream) -> stream;
                                    case Whole refusal -> throw refused(refusal);
                                });
    }

    /** Whether the engine is still there, for a console whose stream has ended. */
    private static Mono<Boolean> answers(Upstream where, EventLoop loop, ConsoleTarget target) {
        return UpstreamRequest.get(where, loop, target.inspectPath(), headers())
                .map(reply -> true)
                .onErrorReturn(false);
    }

    private static boolean terminal(ConsoleTarget target, Whole description) {
        if (description.status() != 200) {
            throw refused(description);
        }
        Object read = ConsoleTarget.read(description.body());
        if (target.over(read)) {
            throw new CallerException(
                    409, "The container is not running", "Start it to open its console");
        }
        return target.terminal(read);
    }

    private static EngineException refused(Whole reply) {
        String message = JsonTree.text(ConsoleTarget.read(reply.body()), "message");
        if (reply.status() < 400) {
            return EngineException.failed(
                    new IllegalStateException("the engine answered " + reply.status()));
        }
        return EngineException.refused(
                reply.status(),
                message == null || message.isEmpty() ? "The console cannot be opened" : message);
    }

    private static HttpHeaders headers() {
        // Go refuses a request without a host.
        return new DefaultHttpHeaders().set(HttpHeaderNames.HOST, "docker");
    }
}
