// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.web;

import io.netty.channel.EventLoop;
import java.net.URI;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

/** Hands a request on to Spring, which answers the agent's own paths. */
final class OwnRoutes {

    private final Supplier<HttpHandler> spring;

    OwnRoutes(Supplier<HttpHandler> spring) {
        this.spring = spring;
    }

    Mono<Void> handle(Exchange exchange) {
        RequestPath path = exchange.path();
        EventLoop loop = loop(exchange.response());
        HttpHandler handler =
                (request, response) ->
                        spring.get()
                                .handle(
                                        withoutDockerVersion(request, path),
                                        new LoopedResponse(response, loop));
        return new ReactorHttpHandlerAdapter(handler)
                .apply(exchange.request(), exchange.response());
    }

    /** Asked while the connection is there: a response that is over has none. */
    private static EventLoop loop(HttpServerResponse response) {
        AtomicReference<EventLoop> loop = new AtomicReference<>();
        response.withConnection(connection -> loop.set(connection.channel().eventLoop()));
        return loop.get();
    }

    private static ServerHttpRequest withoutDockerVersion(
            ServerHttpRequest request, RequestPath path) {
        URI uri = request.getURI();
        if (path.rawPath().equals(uri.getRawPath())) {
            return request;
        }
        return request.mutate().path(path.rawPath()).build();
    }
}
