// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import io.hostagent.core.fixture.ScriptedServer;
import io.hostagent.core.web.UnreadBodyLimit;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

/** A real HTTP server that relays every request to a {@link ScriptedServer}. */
final class RelayServer implements AutoCloseable {

    private static final int UPPER_MARK = 128 * 1024;

    final ScriptedServer upstream = ScriptedServer.open();
    final AtomicInteger switched = new AtomicInteger();
    final Upstream relayed;
    private final @Nullable SharedAnswers shared;
    private final LoopResources loops;
    private final DisposableServer server;

    RelayServer() {
        this(Duration.ofSeconds(30), 8, HttpProtocol.HTTP11);
    }

    RelayServer(Duration idle, int maxConnections, HttpProtocol protocol) {
        this(idle, maxConnections, protocol, 1, null);
    }

    /** Lets requests of the same target share their answers, on two event loops. */
    RelayServer(HttpProtocol protocol, SharedAnswers shared) {
        this(Duration.ofSeconds(30), 64, protocol, 2, shared);
    }

    private RelayServer(
            Duration idle,
            int maxConnections,
            HttpProtocol protocol,
            int eventLoops,
            @Nullable SharedAnswers shared) {
        this.shared = shared;
        this.loops = LoopResources.create("relay-test", eventLoops, true);
        relayed =
                new Upstream(
                        "the server",
                        new UpstreamAddress.Unix(upstream.socket()),
                        Duration.ofSeconds(1),
                        maxConnections,
                        idle);
        server =
                HttpServer.create()
                        .port(0)
                        .host("127.0.0.1")
                        .runOn(loops)
                        .protocol(protocol)
                        .childOption(
                                ChannelOption.WRITE_BUFFER_WATER_MARK,
                                new WriteBufferWaterMark(UPPER_MARK / 2, UPPER_MARK))
                        .handle(this::handle)
                        .bindNow();
    }

    int port() {
        return server.port();
    }

    RawClient client() throws IOException {
        return new RawClient(port());
    }

    private Mono<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        response.withConnection(connection -> UnreadBodyLimit.install(connection.channel()));
        HttpHeaders headers = new DefaultHttpHeaders();
        EndToEndHeaders.copy(request.requestHeaders(), headers);
        headers.set(HttpHeaderNames.HOST, "upstream");
        @Nullable String upgrade = request.requestHeaders().get(HttpHeaderNames.UPGRADE);
        Relay.Outgoing outgoing =
                new Relay.Outgoing(
                        request.method(),
                        request.uri(),
                        headers,
                        upgrade,
                        switched::incrementAndGet);
        Mono<Void> answer =
                shared == null
                        ? Relay.relay(request, response, relayed, outgoing)
                        : shared.relay(request, response, relayed, outgoing, request.uri());
        return answer.onErrorResume(
                        UpstreamUnreachableException.class, e -> refuse(response, 503, e))
                .onErrorResume(UpstreamFailedException.class, e -> refuse(response, 502, e));
    }

    private static Mono<Void> refuse(HttpServerResponse response, int status, Exception cause) {
        String text = String.valueOf(cause.getMessage());
        return response.status(status)
                .header(HttpHeaderNames.CONTENT_LENGTH, String.valueOf(text.length()))
                .sendString(Mono.just(text))
                .then();
    }

    @Override
    public void close() {
        server.disposeNow();
        loops.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block(Duration.ofSeconds(10));
        upstream.close();
    }
}
