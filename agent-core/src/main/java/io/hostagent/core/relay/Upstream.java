// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.ssl.SslHandler;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.NoopAddressResolverGroup;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 server that requests are passed to: this host's engine, or another agent.
 *
 * <p>A request is served on the event loop of the client's connection, over an upstream connection
 * of that same loop, so bytes never change threads. Each loop keeps its own few idle connections,
 * without locks; they are closed after half a minute without use, and then no timer is left.
 * Methods may be called from any thread unless they say otherwise.
 */
public final class Upstream {

    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final Duration HANDSHAKE = Duration.ofSeconds(5);
    private static final int IDLE_PER_LOOP = 64;
    private static final int MAX_HEADER_BYTES = 1 << 20;
    private static final int MAX_CHUNK_BYTES = 1 << 16;

    /** What one read may take, in bytes: as much as a Unix socket holds, once a stream is fast. */
    private static final int LARGEST_READ = 1 << 18;

    private static final int FIRST_READ = 1 << 14;
    private static final int SMALLEST_READ = 1 << 11;

    private final String name;
    private final UpstreamAddress address;
    private final AddressResolverGroup<?> names;
    private final Duration connectTimeout;
    private final int maxConnections;
    private final long idleNanos;
    private final AtomicInteger open = new AtomicInteger();
    private final Map<EventLoop, Idle> idle = new ConcurrentHashMap<>();

    /**
     * Describes a server; nothing is connected yet.
     *
     * @param name how errors name it, such as {@code the engine at /var/run/docker.sock}
     * @param connectTimeout for the look-up of a name and for the connection, each; TLS has five
     *     seconds, as a server may be busy that has a connection already
     * @param maxConnections how many connections there may be at once; more are refused
     */
    public Upstream(
            String name, UpstreamAddress address, Duration connectTimeout, int maxConnections) {
        this(name, address, connectTimeout, maxConnections, IDLE);
    }

    Upstream(
            String name,
            UpstreamAddress address,
            Duration connectTimeout,
            int maxConnections,
            Duration idleLimit) {
        this.name = name;
        this.address = address;
        this.names =
                switch (address) {
                    case UpstreamAddress.Unix unix -> NoopAddressResolverGroup.INSTANCE;
                    case UpstreamAddress.Tcp tcp -> new NameLookUp(tcp.threads(), connectTimeout);
                };
        this.connectTimeout = connectTimeout;
        this.maxConnections = maxConnections;
        this.idleNanos = idleLimit.toNanos();
    }

    /** How errors name this server. */
    public String name() {
        return name;
    }

    /**
     * Gives the exchange an idle connection or a new one. Called on {@code loop}; the exchange is
     * told there too.
     */
    void connect(EventLoop loop, UpstreamExchange exchange) {
        UpstreamConnection waiting = take(loop);
        if (waiting != null) {
            waiting.begin(exchange);
        } else {
            connectAnew(loop, exchange);
        }
    }

    /** Gives the exchange a new connection. Called on {@code loop}; the exchange is told there. */
    void connectAnew(EventLoop loop, UpstreamExchange exchange) {
        if (open.incrementAndGet() > maxConnections) {
            open.decrementAndGet();
            exchange.onConnectFailed(
                    new UpstreamUnreachableException(
                            name
                                    + " already has "
                                    + maxConnections
                                    + " connections of this agent: close some streams",
                            null));
            return;
        }
        ChannelFuture connected = bootstrap(loop).connect(address.socket());
        Channel channel = connected.channel();
        channel.closeFuture().addListener(f -> open.decrementAndGet());
        connected.addListener(
                f -> {
                    if (!f.isSuccess()) {
                        fail(exchange, f.cause());
                        return;
                    }
                    SslHandler tls = channel.pipeline().get(SslHandler.class);
                    if (tls == null) {
                        connection(channel).begin(exchange);
                    } else {
                        tls.handshakeFuture().addListener(h -> onHandshake(h, channel, exchange));
                    }
                });
    }

    private void onHandshake(Future<?> handshake, Channel channel, UpstreamExchange exchange) {
        if (handshake.isSuccess()) {
            connection(channel).begin(exchange);
        } else {
            channel.close();
            fail(exchange, handshake.cause());
        }
    }

    private void fail(UpstreamExchange exchange, Throwable cause) {
        exchange.onConnectFailed(new UpstreamUnreachableException(name, cause));
    }

    /** An idle connection, which is then the caller's. Called on {@code loop}. */
    @Nullable UpstreamConnection take(EventLoop loop) {
        Idle waiting = idle.get(loop);
        while (waiting != null && !waiting.queue.isEmpty()) {
            UpstreamConnection connection = waiting.queue.removeLast();
            if (connection.channel().isActive()) {
                return connection;
            }
        }
        return null;
    }

    /** Takes a connection back that has finished its exchange. Called on its event loop. */
    void release(UpstreamConnection connection) {
        EventLoop loop = connection.channel().eventLoop();
        Idle waiting = idle.computeIfAbsent(loop, Idle::new);
        if (waiting.queue.size() >= IDLE_PER_LOOP || loop.isShuttingDown()) {
            connection.close();
            return;
        }
        connection.idleSince(System.nanoTime());
        waiting.add(connection);
    }

    /** Forgets an idle connection that the server closed. Called on its event loop. */
    void forget(UpstreamConnection connection) {
        Idle waiting = idle.get(connection.channel().eventLoop());
        if (waiting != null) {
            waiting.queue.remove(connection);
        }
    }

    private Bootstrap bootstrap(EventLoop loop) {
        Bootstrap bootstrap =
                switch (address) {
                    case UpstreamAddress.Unix unix ->
                            new Bootstrap().channel(EpollDomainSocketChannel.class);
                    case UpstreamAddress.Tcp tcp ->
                            new Bootstrap()
                                    .channel(EpollSocketChannel.class)
                                    .option(ChannelOption.SO_KEEPALIVE, true)
                                    .option(
                                            EpollChannelOption.TCP_KEEPIDLE,
                                            TcpKeepAlive.IDLE_SECONDS)
                                    .option(
                                            EpollChannelOption.TCP_KEEPINTVL,
                                            TcpKeepAlive.INTERVAL_SECONDS)
                                    .option(EpollChannelOption.TCP_KEEPCNT, TcpKeepAlive.PROBES);
                };
        return bootstrap
                .group(loop)
                .resolver(names)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new AdaptiveRecvByteBufAllocator(SMALLEST_READ, FIRST_READ, LARGEST_READ))
                .option(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        Math.toIntExact(connectTimeout.toMillis()))
                .handler(
                        new ChannelInitializer<Channel>() {
                            @Override
                            protected void initChannel(Channel channel) {
                                initialize(channel);
                            }
                        });
    }

    private void initialize(Channel channel) {
        if (address instanceof UpstreamAddress.Tcp tcp && tcp.tls() != null) {
            SslHandler tls = new SslHandler(tcp.tls().get());
            tls.setHandshakeTimeout(HANDSHAKE.toMillis(), TimeUnit.MILLISECONDS);
            channel.pipeline().addLast(tls);
        }
        HttpDecoderConfig config =
                new HttpDecoderConfig()
                        .setMaxInitialLineLength(MAX_CHUNK_BYTES)
                        .setMaxHeaderSize(MAX_HEADER_BYTES)
                        .setMaxChunkSize(MAX_CHUNK_BYTES)
                        .setValidateHeaders(false);
        UpstreamConnection connection = new UpstreamConnection(this, channel);
        channel.pipeline()
                .addLast(connection.ear())
                .addLast(new HttpClientCodec(config, false, false))
                .addLast(connection);
    }

    private static UpstreamConnection connection(Channel channel) {
        return channel.pipeline().get(UpstreamConnection.class);
    }

    /** The idle connections of one event loop, to which this object is confined. */
    private final class Idle {

        private final EventLoop loop;
        private final ArrayDeque<UpstreamConnection> queue = new ArrayDeque<>(IDLE_PER_LOOP);
        private boolean scheduled;

        Idle(EventLoop loop) {
            this.loop = loop;
        }

        void add(UpstreamConnection connection) {
            queue.addLast(connection);
            schedule(idleNanos);
        }

        /** One timer at most: a connection comes and goes with every request. */
        private void schedule(long nanos) {
            if (!scheduled) {
                scheduled = true;
                loop.schedule(this::evict, nanos, TimeUnit.NANOSECONDS);
            }
        }

        private void evict() {
            scheduled = false;
            long oldest = System.nanoTime() - idleNanos;
            while (!queue.isEmpty() && queue.peekFirst().idleSince() - oldest <= 0) {
                queue.removeFirst().close();
            }
            UpstreamConnection next = queue.peekFirst();
            if (next != null) {
                schedule(next.idleSince() - oldest);
            }
        }
    }
}
