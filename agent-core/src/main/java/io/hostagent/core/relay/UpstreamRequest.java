// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * One request of the agent's own, made on an event loop: a small answer is collected, and a
 * connection that becomes a raw stream is handed over. Confined to that loop.
 */
public final class UpstreamRequest implements UpstreamExchange {

    /** What an answer may have in bytes; a container's description has a few ten thousand. */
    private static final int ANSWER_LIMIT = 4 * 1024 * 1024;

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Upstream upstream;
    private final EventLoop loop;
    private final FullHttpRequest request;
    private final boolean raw;
    private final Duration limit;
    private final MonoSink<UpstreamReply> sink;
    private final ByteBuf body = Unpooled.buffer(0);

    private @Nullable UpstreamConnection connection;
    private @Nullable ScheduledFuture<?> timer;
    private int status;
    private boolean done;

    private UpstreamRequest(
            Upstream upstream,
            EventLoop loop,
            FullHttpRequest request,
            boolean raw,
            Duration limit,
            MonoSink<UpstreamReply> sink) {
        this.upstream = upstream;
        this.loop = loop;
        this.request = request;
        this.raw = raw;
        this.limit = limit;
        this.sink = sink;
    }

    /**
     * Asks for something small.
     *
     * @return the answer, on {@code loop}; errors with {@link UpstreamUnreachableException} or
     *     {@link UpstreamFailedException}
     */
    public static Mono<UpstreamReply.Whole> get(
            Upstream upstream, EventLoop loop, String target, HttpHeaders headers) {
        return get(upstream, loop, target, headers, LIMIT);
    }

    /** Asks for something small, and waits no longer than {@code limit} for all of it. */
    public static Mono<UpstreamReply.Whole> get(
            Upstream upstream, EventLoop loop, String target, HttpHeaders headers, Duration limit) {
        return send(upstream, loop, HttpMethod.GET, target, headers, new byte[0], false, limit)
                .cast(UpstreamReply.Whole.class);
    }

    /** Has something done that needs no body, and waits no longer than {@code limit} for it. */
    public static Mono<UpstreamReply.Whole> post(
            Upstream upstream, EventLoop loop, String target, HttpHeaders headers, Duration limit) {
        HttpHeaders all = headers.copy().set(HttpHeaderNames.CONTENT_LENGTH, 0);
        return send(upstream, loop, HttpMethod.POST, target, all, new byte[0], false, limit)
                .cast(UpstreamReply.Whole.class);
    }

    /**
     * Asks for a raw stream ({@code Upgrade: tcp}). A server may also begin one with a plain 200,
     * as Podman does.
     *
     * @return the stream, or the answer of a server that refuses; on {@code loop}; errors as {@link
     *     #get} does
     */
    public static Mono<UpstreamReply> open(
            Upstream upstream, EventLoop loop, String target, HttpHeaders headers, byte[] body) {
        HttpHeaders all =
                headers.copy()
                        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
                        .set(HttpHeaderNames.UPGRADE, "tcp")
                        .set(HttpHeaderNames.CONTENT_LENGTH, body.length);
        return send(upstream, loop, HttpMethod.POST, target, all, body, true, LIMIT);
    }

    private static Mono<UpstreamReply> send(
            Upstream upstream,
            EventLoop loop,
            HttpMethod method,
            String target,
            HttpHeaders headers,
            byte[] body,
            boolean raw,
            Duration limit) {
        return Mono.create(
                sink -> {
                    FullHttpRequest request = WholeRequest.of(method, target, headers, body);
                    UpstreamRequest exchange =
                            new UpstreamRequest(upstream, loop, request, raw, limit, sink);
                    sink.onCancel(() -> loop.execute(exchange::abort));
                    if (loop.inEventLoop()) {
                        exchange.start();
                    } else {
                        loop.execute(exchange::start);
                    }
                });
    }

    private void start() {
        timer = loop.schedule(this::giveUp, limit.toNanos(), TimeUnit.NANOSECONDS);
        upstream.connect(loop, this);
    }

    private void abort() {
        if (!done) {
            finish();
            if (connection != null) {
                connection.close();
            }
        }
    }

    private void giveUp() {
        fail("gave no answer in " + limit.toMillis() + " ms");
    }

    private void fail(String reason) {
        if (!done) {
            abort();
            sink.error(new UpstreamFailedException(upstream.name(), new IOException(reason)));
        }
    }

    private void finish() {
        done = true;
        if (timer != null) {
            timer.cancel(false);
        }
    }

    @Override
    public void onConnectFailed(UpstreamUnreachableException cause) {
        if (!done) {
            finish();
            sink.error(cause);
        }
    }

    @Override
    public void onConnected(UpstreamConnection connected) {
        if (done) {
            connected.end(true);
            return;
        }
        connection = connected;
        connected.channel().writeAndFlush(request);
    }

    @Override
    public void onHead(HttpResponse head) {
        if (done || connection == null) {
            return;
        }
        status = head.status().code();
        if (raw && (status == 101 || status == 200)) {
            finish();
            RawStream stream = new RawStream(connection);
            sink.success(new UpstreamReply.Raw(stream));
            stream.closeUnlessTaken();
        } else if (status == 101) {
            fail("switched protocols unasked");
        }
    }

    @Override
    public void onBody(ByteBuf data) {
        try {
            if (done) {
                return;
            }
            if (body.readableBytes() + data.readableBytes() > ANSWER_LIMIT) {
                fail("gave an answer of more than " + ANSWER_LIMIT + " bytes");
            } else {
                body.writeBytes(data);
            }
        } finally {
            data.release();
        }
    }

    @Override
    public void onEnd(HttpHeaders trailers) {
        if (!done && connection != null) {
            finish();
            connection.end(true);
            sink.success(new UpstreamReply.Whole(status, body.toString(UTF_8)));
        }
    }

    @Override
    public void onFailure(UpstreamFailedException cause) {
        if (!done) {
            finish();
            sink.error(cause);
        }
    }
}
