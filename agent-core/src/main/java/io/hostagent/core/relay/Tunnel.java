// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;

/**
 * One direction of a raw byte stream between a client and an upstream server, after both have
 * switched protocols. It holds no bytes of its own: it reads from its channel only while the peer
 * takes them, and flushes as soon as the kernel has no more. When one side stops sending, the other
 * side's sending half is shut and the way back stays open; when one side is gone, so is the other,
 * after what was underway is written.
 */
final class Tunnel extends ChannelInboundHandlerAdapter {

    /** How long a client may keep an idle connection to a server that has stopped sending. */
    private static final int LINGER_SECONDS = 10;

    private final Channel peer;
    private final boolean fromUpstream;
    private boolean ended;
    private boolean spoke;

    private Tunnel(Channel peer, boolean fromUpstream) {
        this.peer = peer;
        this.fromUpstream = fromUpstream;
    }

    /**
     * Answers the client with the server's 101 and joins the two channels. Called on their common
     * event loop, while the request is complete and nothing of a response is written.
     */
    static void start(Channel client, Channel upstream, HttpResponse head, HttpHeaders added) {
        ByteBuf bytes = RawPipeline.switching(head.status(), head.headers(), added);
        RawPipeline.replace(client, new Tunnel(upstream, false));
        client.writeAndFlush(bytes);
        RawPipeline.replace(upstream, new Tunnel(client, true));
        client.config().setAutoRead(true);
        upstream.config().setAutoRead(true);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object data) {
        spoke = true;
        peer.write(data);
        if (!peer.isWritable()) {
            ctx.channel().config().setAutoRead(false);
            peer.flush();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        peer.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) {
            peer.config().setAutoRead(true);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent
                || event instanceof SslCloseCompletionEvent) {
            endOfInput();
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    private void endOfInput() {
        if (ended) {
            return;
        }
        ended = true;
        if (fromUpstream) {
            closeWhenIdle();
        }
        SslHandler tls = peer.pipeline().get(SslHandler.class);
        if (tls != null) {
            peer.flush();
            tls.closeOutbound();
        } else {
            // A shutdown drops what is queued, so it waits for the last byte to be written.
            peer.writeAndFlush(Unpooled.EMPTY_BUFFER)
                    .addListener(
                            written -> {
                                if (peer instanceof DuplexChannel duplex) {
                                    duplex.shutdownOutput();
                                }
                            });
        }
    }

    /**
     * A server that closed its connection looks just like one that stopped sending and still
     * listens. So the client may go on for as long as it has something to say.
     */
    private void closeWhenIdle() {
        Tunnel other = peer.pipeline().get(Tunnel.class);
        if (other == null) {
            return;
        }
        other.spoke = false;
        peer.eventLoop()
                .schedule(
                        () -> {
                            if (other.spoke) {
                                closeWhenIdle();
                            } else {
                                peer.close();
                            }
                        },
                        LINGER_SECONDS,
                        TimeUnit.SECONDS);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (peer.isActive()) {
            peer.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // A reset of either side; the close tells the other one.
        ctx.close();
    }
}
