// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.web;

import io.netty.channel.EventLoop;
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
                                                response, task -> onLoop(exchange, task)));
        return new ReactorHttpHandlerAdapter(handler)
                .apply(exchange.request(), exchange.response());
    }

    private static void onLoop(Exchange exchange, Runnable task) {
        exchange.response()
                .withConnection(
                        connection -> {
                            EventLoop loop = connection.channel().eventLoop();
                            if (loop.inEventLoop()) {
                                task.run();
                            } else {
                                loop.execute(task);
                            }
                        });
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
