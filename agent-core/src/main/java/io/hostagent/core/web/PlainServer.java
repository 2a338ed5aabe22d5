// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.web;

import io.hostagent.core.error.AgentException;
import io.hostagent.core.error.ApiError;
import io.hostagent.core.relay.TcpKeepAlive;
import io.hostagent.core.trust.AuditLog;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollChannelOption;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.netty.NettyPipeline;
import reactor.netty.channel.AbortedException;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * A port without TLS and without authentication, for what an operator wants to have open. What a
 * stranger may make the agent wait for or keep is bounded as on the agent's own port.
 */
public final class PlainServer {

    private static final Logger log = LoggerFactory.getLogger(PlainServer.class);

    /** There are no long requests here, see {@link AgentServer} for where there are. */
    private static final int MAX_REQUEST_LINE = 16 * 1024;

    private static final int MAX_HEADERS = 32 * 1024;

    private PlainServer() {}

    /** Answers the requests of such a port, on the event loop of each connection. */
    @FunctionalInterface
    public interface Answers {

        /**
         * Answers a request.
         *
         * @return ends when the answer is written; an {@link AgentException}, thrown or signalled,
         *     becomes an error answer if nothing was sent before
         */
        Mono<Void> answer(RequestPath path, HttpServerRequest request, HttpServerResponse response);
    }

    /** A server that is not bound yet. */
    public static HttpServer of(AuditLog audit, int maxConnections, Answers answers) {
        ConnectionLimit limit = new ConnectionLimit(maxConnections);
        return HttpServer.create()
                .protocol(HttpProtocol.HTTP11)
                .idleTimeout(AgentServer.IDLE_TIMEOUT)
                .httpRequestDecoder(
                        spec ->
                                spec.maxInitialLineLength(MAX_REQUEST_LINE)
                                        .maxHeaderSize(MAX_HEADERS)
                                        .allowDuplicateContentLengths(false))
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, AgentServer.WATER_MARK)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(EpollChannelOption.TCP_KEEPIDLE, TcpKeepAlive.IDLE_SECONDS)
                .childOption(EpollChannelOption.TCP_KEEPINTVL, TcpKeepAlive.INTERVAL_SECONDS)
                .childOption(EpollChannelOption.TCP_KEEPCNT, TcpKeepAlive.PROBES)
                .doOnChannelInit(
                        (observer, channel, remote) -> {
                            if (limit.admits(channel)) {
                                guard(channel, audit);
                            }
                        })
                .handle((request, response) -> handle(answers, request, response));
    }

    private static void guard(Channel channel, AuditLog audit) {
        channel.pipeline()
                .addAfter(NettyPipeline.HttpCodec, "agent.framing", new RequestFraming(audit));
        RequestHeadTimeout.install(channel.pipeline());
    }

    private static Mono<Void> handle(
            Answers answers, HttpServerRequest request, HttpServerResponse response) {
        AtomicReference<@Nullable EventLoop> loop = new AtomicReference<>();
        response.withConnection(
                connection -> {
                    loop.set(connection.channel().eventLoop());
                    UnreadBodyLimit.install(connection.channel());
                });
        Mono<Void> answer;
        try {
            answer = answers.answer(RequestPath.parse(request.uri()), request, response);
        } catch (AgentException e) {
            answer = Mono.error(e);
        }
        return answer.onErrorResume(cause -> fail(cause, request, response, loop.get()));
    }

    private static Mono<Void> fail(
            Throwable cause,
            HttpServerRequest request,
            HttpServerResponse response,
            @Nullable EventLoop loop) {
        if (response.hasSentHeaders() || loop == null || cause instanceof AbortedException) {
            return Mono.error(cause);
        }
        ApiError error;
        int status;
        if (cause instanceof AgentException known) {
            error = known.error();
            status = known.status();
        } else {
            log.error("{} {} failed", request.method(), request.path(), cause);
            error = new ApiError("Internal error", "See the agent's log");
            status = 500;
        }
        return ConnectionLoop.write(
                loop, () -> ErrorResponse.send(status, error, request, response));
    }
}
