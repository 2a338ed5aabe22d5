// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.web;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;

/**
 * Cuts a connection whose request line and headers are not complete {@value #SECONDS} s after their
 * first byte, however steadily they trickle in. It says nothing about bodies, which may last, nor
 * of bytes that come while an answer is under way.
 */
final class RequestHeadTimeout {

    static final int SECONDS = 10;

    private boolean betweenRequests = true;
    private int unanswered;
    private @Nullable ScheduledFuture<?> timer;

    private RequestHeadTimeout() {}

    /** Puts one half before the HTTP decoder, where bytes are seen, and one behind it. */
    static void install(ChannelPipeline pipeline) {
        RequestHeadTimeout timeout = new RequestHeadTimeout();
        pipeline.addBefore(NettyPipeline.HttpCodec, "agent.headBytes", timeout.new Bytes());
        pipeline.addAfter(NettyPipeline.HttpCodec, "agent.headMessages", timeout.new Messages());
    }

    private void cancel() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private final class Bytes extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (betweenRequests
                    && unanswered == 0
                    && timer == null
                    && message instanceof ByteBuf bytes
                    && bytes.isReadable()) {
                timer = ctx.executor().schedule(() -> ctx.close(), SECONDS, TimeUnit.SECONDS);
            }
            ctx.fireChannelRead(message);
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
    }

    private final class Messages extends ChannelDuplexHandler {

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof HttpRequest) {
                betweenRequests = false;
                unanswered++;
                cancel();
            }
            if (message instanceof LastHttpContent) {
                betweenRequests = true;
            }
            ctx.fireChannelRead(message);
        }

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            boolean interim =
                    message instanceof HttpResponse response
                            && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
            if (message instanceof LastHttpContent && !interim) {
                unanswered = Math.max(0, unanswered - 1);
            }
            ctx.write(message, promise);
        }
    }
}
