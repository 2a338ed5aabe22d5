// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.web;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2Exception;

/**
 * The end of the way for what {@link Http2Refusals} has recorded. Netty would log it with a stack
 * trace, as often as a stranger likes.
 */
final class Http2Faults extends ChannelInboundHandlerAdapter {

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof Http2Exception)) {
            ctx.fireExceptionCaught(cause);
        }
    }
}
