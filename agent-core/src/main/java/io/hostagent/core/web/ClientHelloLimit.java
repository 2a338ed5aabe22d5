// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.web;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Bounds what a connection may cost until its client has said by which name it calls; from then on
 * TLS has limits of its own. Netty's reader of that name would take 64 KiB of a greeting that does
 * not end, twice, and its timer would keep all of a connection for ten seconds after its client
 * hung up: one stranger, who can make 7,000 a second, filled the heap by that.
 */
final class ClientHelloLimit extends ChannelInboundHandlerAdapter {

    /** A greeting has a few hundred bytes, with keys against quantum computers two thousand. */
    static final int MOST_BYTES = 16 * 1024;

    private final Duration timeout;
    private int bytes;
    private @Nullable ScheduledFuture<?> timer;

    ClientHelloLimit(Duration timeout) {
        this.timeout = timeout;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        timer =
                ctx.executor()
                        .schedule(
                                () -> {
                                    if (!isOver(ctx)) {
                                        ctx.close();
                                    }
                                },
                                timeout.toMillis(),
                                TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (isOver(ctx)) {
            ctx.pipeline().remove(this);
            ctx.fireChannelRead(message);
            return;
        }
        bytes += message instanceof ByteBuf data ? data.readableBytes() : 0;
        if (bytes > MOST_BYTES) {
            ReferenceCountUtil.release(message);
            ctx.close();
            return;
        }
        ctx.fireChannelRead(message);
        if (!ctx.isRemoved() && isOver(ctx)) {
            ctx.pipeline().remove(this);
        }
    }

    private static boolean isOver(ChannelHandlerContext ctx) {
        return ctx.pipeline().get(SslHandler.class) != null;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        cancel();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        cancel();
        ctx.fireChannelInactive();
    }

    private void cancel() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }
}
