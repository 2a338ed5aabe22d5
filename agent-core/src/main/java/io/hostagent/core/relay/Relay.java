// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** Passes one request of a client to an upstream server and its answer back, as they flow. */
public final class Relay {

    private Relay() {}

    /**
     * What is asked of the upstream server.
     *
     * @param method any method, known or not
     * @param target path and query as they go on the wire
     * @param headers end-to-end headers; framing and connection headers are the relay's business
     * @param upgrade the protocol of an {@code Upgrade} that the client asks for ({@code tcp},
     *     {@code h2c}); if the server answers 101, both connections become one raw tunnel
     * @param switched run when they do
     */
    public record Outgoing(
            HttpMethod method,
            String target,
            HttpHeaders headers,
            @Nullable String upgrade,
            Runnable switched) {}

    /**
     * Passes a request on.
     *
     * <p>Bodies are relayed as they arrive, flushed whenever the sender pauses, and read only as
     * fast as the other side takes them. There is no limit on size or time. A side that goes away
     * takes the other side's connection along.
     *
     * @return ends when the response is written, and not at all when the connection became a
     *     tunnel. Errors with {@link UpstreamUnreachableException}, {@link
     *     UpstreamMisdirectedException} or {@link UpstreamFailedException} only while nothing of a
     *     response was sent; later the client's connection is cut, so that half an answer never
     *     looks whole. Cancelling aborts the upstream request.
     */
    public static Mono<Void> relay(
            HttpServerRequest request,
            HttpServerResponse response,
            Upstream upstream,
            Outgoing outgoing) {
        Channel client = channel(response);
        return Mono.create(
                sink -> {
                    RelayExchange exchange =
                            new RelayExchange(request, response, client, upstream, outgoing, sink);
                    sink.onCancel(() -> client.eventLoop().execute(exchange::abort));
                    if (client.eventLoop().inEventLoop()) {
                        exchange.start();
                    } else {
                        client.eventLoop().execute(exchange::start);
                    }
                });
    }

    /** The channel of a client's request: its connection, or one stream of an HTTP/2 connection. */
    public static Channel channel(HttpServerResponse response) {
        AtomicReference<@Nullable Channel> channel = new AtomicReference<>();
        response.withConnection(connection -> channel.set(connection.channel()));
        Channel found = channel.get();
        if (found == null) {
            throw new IllegalStateException("A response without a connection");
        }
        return found;
    }
}
