// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.web;

import io.hostagent.core.meter.AgentMeters;
import io.hostagent.core.relay.TcpKeepAlive;
import io.hostagent.core.tls.ClusterTls;
import io.hostagent.core.tls.PeerTls;
import io.hostagent.core.trust.AuditLog;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import reactor.netty.NettyPipeline;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.tcp.SslProvider;

/**
 * How the agent's port behaves: TLS with HTTP/1.1 and HTTP/2, bounds on what a caller may make the
 * agent wait for or keep.
 */
final class AgentServer implements NettyServerCustomizer {

    private static final Logger log = LoggerFactory.getLogger(AgentServer.class);

    /** As the original agent keeps an unused connection. */
    static final Duration IDLE_TIMEOUT = Duration.ofMinutes(2);

    private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(10);

    /** A request line with a long filter expression; the engine itself takes 1 MiB in all. */
    private static final int MAX_REQUEST_LINE = 64 * 1024;

    /** Room for the registry credentials that {@code X-Registry-Config} carries on a build. */
    private static final int MAX_HEADERS = 256 * 1024;

    /**
     * What may wait in memory for one slow client: beyond the upper mark the engine is not read.
     */
    static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(128 * 1024, 256 * 1024);

    private static final int HTTP2_STREAMS = 256;
    private static final int HTTP2_WINDOW = 1024 * 1024;

    private final SslContext tls;
    private final @Nullable ClusterTls agents;
    private final AuditLog audit;
    private final ConnectionLimit limit;
    private final AgentMeters meters;

    /**
     * Describes the port.
     *
     * @param tls for clients
     * @param peers by which other agents are known; without a secret they are clients like others
     */
    AgentServer(
            SslContext tls, PeerTls peers, AuditLog audit, int maxConnections, AgentMeters meters) {
        this.tls = tls;
        this.agents = peers instanceof ClusterTls cluster ? cluster : null;
        this.audit = audit;
        this.limit = new ConnectionLimit(maxConnections);
        this.meters = meters;
    }

    @Override
    public HttpServer apply(HttpServer server) {
        return server.protocol(HttpProtocol.H2, HttpProtocol.HTTP11)
                .secure(this::secure)
                .idleTimeout(IDLE_TIMEOUT)
                .httpRequestDecoder(
                        spec ->
                                spec.maxInitialLineLength(MAX_REQUEST_LINE)
                                        .maxHeaderSize(MAX_HEADERS)
                                        .allowDuplicateContentLengths(false))
                .http2Settings(
                        settings ->
                                settings.maxConcurrentStreams(HTTP2_STREAMS)
                                        .initialWindowSize(HTTP2_WINDOW)
                                        .maxHeaderListSize(MAX_HEADERS))
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(EpollChannelOption.TCP_KEEPIDLE, TcpKeepAlive.IDLE_SECONDS)
                .childOption(EpollChannelOption.TCP_KEEPINTVL, TcpKeepAlive.INTERVAL_SECONDS)
                .childOption(EpollChannelOption.TCP_KEEPCNT, TcpKeepAlive.PROBES)
                .childObserve(Malformed.ofHttp2(audit))
                .doOnChannelInit((observer, channel, remote) -> initialize(channel));
    }

    private void secure(SslProvider.SslContextSpec spec) {
        SslProvider.Builder builder = spec.sslContext(tls);
        if (agents == null) {
            builder.handshakeTimeout(HANDSHAKE_TIMEOUT);
        } else {
            // This timeout is the one until the name is read, which has a limit of its own.
            builder.handshakeTimeout(Duration.ZERO)
                    .setSniAsyncMappings(new TlsByName(tls, agents, HANDSHAKE_TIMEOUT));
        }
    }

    private void initialize(Channel channel) {
        if (!limit.admits(channel)) {
            return;
        }
        meters.connected(channel);
        if (agents != null) {
            channel.pipeline().addFirst(new ClientHelloLimit(HANDSHAKE_TIMEOUT));
        }
        channel.pipeline()
                .addFirst(new PlainTextGuard(audit))
                .addBefore(NettyPipeline.ReactiveBridge, "agent.afterTls", new AfterTls());
    }

    /** Only when TLS has agreed on a protocol is there a codec to put guards around. */
    private final class AfterTls extends ChannelInboundHandlerAdapter {

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof SslHandshakeCompletionEvent done && done.isSuccess()) {
                ChannelPipeline pipeline = ctx.pipeline();
                if (agents != null) {
                    agents.agent(pipeline.get(SslHandler.class).engine())
                            .ifPresent(name -> AgentPeer.set(ctx.channel(), name));
                }
                if (pipeline.get(NettyPipeline.HttpCodec) instanceof Http2FrameCodec) {
                    pipeline.addBefore(
                            NettyPipeline.HttpCodec, "agent.refusals", new Http2Refusals(audit));
                    pipeline.addLast("agent.faults", new Http2Faults());
                } else if (pipeline.get(NettyPipeline.HttpCodec) != null) {
                    pipeline.addAfter(
                            NettyPipeline.HttpCodec, "agent.framing", new RequestFraming(audit));
                    RequestHeadTimeout.install(pipeline);
                }
                pipeline.remove(this);
            } else if (event instanceof SslHandshakeCompletionEvent done) {
                log.debug(
                        "TLS with {} failed: {}",
                        ctx.channel().remoteAddress(),
                        String.valueOf(done.cause()));
                if (done.cause() instanceof SSLException && isAmongAgents(ctx.pipeline())) {
                    audit.unknownAgent(ctx.channel().remoteAddress());
                }
            }
            ctx.fireUserEventTriggered(event);
        }

        private static boolean isAmongAgents(ChannelPipeline pipeline) {
            SslHandler tls = pipeline.get(SslHandler.class);
            return tls != null && ClusterTls.isFor(tls.engine());
        }
    }
}
