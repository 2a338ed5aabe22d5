// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;

/**
 * Sits in the pipeline of a client's connection (an HTTP/1.1 channel or an HTTP/2 stream) and gives
 * a relay the two things that Reactor Netty keeps to itself: word that the client takes bytes
 * again, and the right to hold back a flush, so that a response's head leaves with its first bytes.
 * Confined to the connection's event loop.
 */
final class ClientValve extends ChannelDuplexHandler {

    private static final String NAME = "agent.clientValve";

    private @Nullable Runnable onWritable;
    private boolean holdFlush;

    static ClientValve of(Channel channel) {
        if (channel.pipeline().get(NAME) instanceof ClientValve valve) {
            return valve;
        }
        ClientValve valve = new ClientValve();
        channel.pipeline().addBefore(NettyPipeline.ReactiveBridge, NAME, valve);
        return valve;
    }

    /** Tells {@code listener}, and nobody else, when the client takes bytes again. */
    void onWritable(@Nullable Runnable listener) {
        onWritable = listener;
    }

    /** Runs {@code writes} with their flushes held back; the caller flushes later. */
    void withoutFlush(Runnable writes) {
        holdFlush = true;
        try {
            writes.run();
        } finally {
            holdFlush = false;
        }
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        if (!holdFlush) {
            ctx.flush();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (onWritable != null && ctx.channel().isWritable()) {
            onWritable.run();
        }
        ctx.fireChannelWritabilityChanged();
    }
}
