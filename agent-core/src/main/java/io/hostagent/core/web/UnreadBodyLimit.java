// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.web;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
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
 * Cuts a connection (or resets an HTTP/2 stream) on which a request's body still comes {@value
 * #SECONDS} s after the whole response to it was sent. Whoever was refused, or whom the engine
 * answered early, could otherwise go on for ever.
 */
public final class UnreadBodyLimit extends ChannelDuplexHandler {

    static final int SECONDS = 2;

    private static final String NAME = "agent.unreadBody";

    private boolean requestEnded;
    private @Nullable ScheduledFuture<?> timer;

    private UnreadBodyLimit() {}

    /** Called on the channel's event loop, when a request's head has come and no more of it. */
    public static void install(Channel channel) {
        if (channel.pipeline().get(NAME) == null) {
            channel.pipeline().addBefore(NettyPipeline.ReactiveBridge, NAME, new UnreadBodyLimit());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof HttpRequest) {
            requestEnded = false;
        }
        if (message instanceof LastHttpContent) {
            requestEnded = true;
            cancel();
        }
        ctx.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (isEndOfAnswer(message) && !requestEnded && timer == null) {
            timer = ctx.executor().schedule(() -> ctx.close(), SECONDS, TimeUnit.SECONDS);
        }
        ctx.write(message, promise);
    }

    /** {@code 100 Continue} is a whole message, too, and asks for the body. */
    private static boolean isEndOfAnswer(Object message) {
        return message instanceof LastHttpContent
                && !(message instanceof HttpResponse head
                        && head.status().codeClass() == HttpStatusClass.INFORMATIONAL);
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
