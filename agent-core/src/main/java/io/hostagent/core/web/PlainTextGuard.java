// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.web;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.hostagent.core.error.ApiError;
import io.hostagent.core.trust.AuditLog;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Tells a client that speaks plain HTTP to a TLS port so, in HTTP, instead of a cut connection that
 * nobody understands. It looks at the first byte of a connection and is then gone.
 */
final class PlainTextGuard extends ChannelInboundHandlerAdapter {

    private static final byte[] BODY =
            new ApiError(
                            "This port speaks HTTPS",
                            "Use https://, or --tls with the docker command line")
                    .json();
    private static final byte[] HEAD =
            ("HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: "
                            + BODY.length
                            + "\r\nConnection: close\r\n\r\n")
                    .getBytes(US_ASCII);

    private final AuditLog audit;

    PlainTextGuard(AuditLog audit) {
        this.audit = audit;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes && bytes.isReadable()) {
            byte first = bytes.getByte(bytes.readerIndex());
            // Every HTTP method begins with a letter; every TLS record with its type, 20 to 24.
            if (first >= 'A' && first <= 'Z') {
                bytes.release();
                new Malformed(400, "plain HTTP").record(audit, ctx.channel().remoteAddress());
                ctx.writeAndFlush(Unpooled.wrappedBuffer(HEAD, BODY))
                        .addListener(ChannelFutureListener.CLOSE);
                return;
            }
            ctx.pipeline().remove(this);
        }
        ctx.fireChannelRead(message);
    }
}
