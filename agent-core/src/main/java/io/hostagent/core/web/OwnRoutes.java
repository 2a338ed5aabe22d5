// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.web;

import java.net.URI;
import java.util.function.Supplier;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.core.publisher.Mono;

/** Hands a request on to Spring, which answers the agent's own paths. */
final class OwnRoutes {

    private final Supplier<HttpHandler> spring;

    OwnRoutes(Supplier<HttpHandler> spring) {
        this.spring = spring;
    }

    Mono<Void> handle(Exchange exchange) {
        RequestPath path = exchange.path();
        HttpHandler handler =
                (request, response) ->
                        spring.get()
                                .handle(
                                        withoutDockerVersion(request, path),
                                        new LoopedResponse(
                                                response, ConnectionLoop.of(exchange.response())));
        return new ReactorHttpHandlerAdapter(handler)
                .apply(exchange.request(), exchange.response());
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
