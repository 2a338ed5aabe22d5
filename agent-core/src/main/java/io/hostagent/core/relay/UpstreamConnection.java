// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One connection to an upstream server, as the last handler of its pipeline. It serves one exchange
 * at a time and is confined to its event loop.
 */
final class UpstreamConnection extends ChannelInboundHandlerAdapter {

    private final Upstream upstream;
    private final Channel channel;
    private @Nullable UpstreamExchange exchange;
    private boolean begun;
    private boolean reused;
    private boolean heard;
    private boolean keepAlive;
    private boolean informational;
    private long idleSince;

    UpstreamConnection(Upstream upstream, Channel channel) {
        this.upstream = upstream;
        this.channel = channel;
    }

    Channel channel() {
        return channel;
    }

    long idleSince() {
        return idleSince;
    }

    void idleSince(long nanoTime) {
        idleSince = nanoTime;
    }

    /**
     * Whether the exchange is not the first one here and not a byte came since it began: then the
     * server may have closed the connection before it saw the request.
     */
    boolean stale() {
        return reused && !heard;
    }

    /** Notices bytes before a codec takes them: it keeps half a head to itself. */
    ChannelInboundHandlerAdapter ear() {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                heard = true;
                ctx.fireChannelRead(message);
            }
        };
    }

    void begin(UpstreamExchange next) {
        exchange = next;
        reused = begun;
        begun = true;
        heard = false;
        keepAlive = true;
        next.onConnected(this);
    }

    /**
     * Ends the exchange. The connection is used again only when both messages went through whole.
     */
    void end(boolean requestSent) {
        exchange = null;
        if (keepAlive && requestSent && channel.isActive()) {
            channel.config().setAutoRead(true);
            upstream.release(this);
        } else {
            close();
        }
    }

    /** Hands the channel over as a raw byte stream: no HTTP is spoken on it from now on. */
    Channel detach() {
        exchange = null;
        return channel;
    }

    void close() {
        exchange = null;
        channel.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        UpstreamExchange current = exchange;
        if (current == null) {
            // Bytes that nobody asked for: the two sides no longer agree on where a message ends.
            ReferenceCountUtil.release(message);
            close();
            return;
        }
        switch (message) {
            case HttpResponse head -> onHead(current, head);
            case LastHttpContent last -> onLast(current, last);
            case HttpContent content -> onContent(current, content);
            default -> ReferenceCountUtil.release(message);
        }
    }

    private void onHead(UpstreamExchange current, HttpResponse head) {
        if (head.decoderResult().isFailure()) {
            fail(current, new IOException("sent no HTTP: " + head.decoderResult().cause()));
            return;
        }
        informational =
                head.status().codeClass() == HttpStatusClass.INFORMATIONAL
                        && head.status().code() != 101;
        if (!informational) {
            keepAlive = HttpUtil.isKeepAlive(head);
            current.onHead(head);
        }
    }

    private void onContent(UpstreamExchange current, HttpContent content) {
        if (content.decoderResult().isFailure()) {
            content.release();
            fail(current, new IOException("sent no HTTP: " + content.decoderResult().cause()));
            return;
        }
        ByteBuf data = content.content();
        if (data.isReadable()) {
            current.onBody(data);
        } else {
            data.release();
        }
    }

    private void onLast(UpstreamExchange current, LastHttpContent last) {
        if (informational) {
            informational = false;
            last.release();
            return;
        }
        boolean failed = last.decoderResult().isFailure();
        if (last.content().isReadable() && !failed) {
            current.onBody(last.content().retain());
        }
        last.release();
        if (failed) {
            fail(current, new IOException("sent no HTTP: " + last.decoderResult().cause()));
        } else if (exchange != null) {
            current.onEnd(last.trailingHeaders());
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (exchange != null) {
            exchange.onBurstEnd();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (exchange != null && channel.isWritable()) {
            exchange.onWritable();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            // Outside a raw stream a server that stops sending is a server that went away. The
            // close lets the decoder end a body that is delimited by it.
            channel.close();
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        UpstreamExchange current = exchange;
        if (current != null) {
            fail(current, new IOException("closed the connection in the middle"));
        } else {
            upstream.forget(this);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        UpstreamExchange current = exchange;
        if (current != null) {
            // What TLS has to say, such as that the server takes our certificate for a stranger's,
            // comes wrapped as a failure to decode.
            Throwable inner = cause instanceof DecoderException ? cause.getCause() : null;
            fail(current, inner == null ? cause : inner);
        } else {
            close();
        }
    }

    private void fail(UpstreamExchange current, Throwable cause) {
        close();
        current.onFailure(new UpstreamFailedException(upstream.name(), cause));
    }
}
