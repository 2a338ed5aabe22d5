// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.web;

import io.hostagent.core.trust.AuditLog;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameTypes;
import java.nio.ByteBuffer;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Records what the HTTP/2 codec refuses. The codec reports only some of it, so this reads the heads
 * of the frames that the codec sends: a reset stream or the end of the connection, for a fault of
 * the client's.
 */
final class Http2Refusals extends ChannelOutboundHandlerAdapter {

    /** Not among them: what also happens to a client that does nothing wrong. */
    private static final Set<Http2Error> FAULTS =
            Set.of(
                    Http2Error.PROTOCOL_ERROR,
                    Http2Error.FLOW_CONTROL_ERROR,
                    Http2Error.FRAME_SIZE_ERROR,
                    Http2Error.COMPRESSION_ERROR,
                    Http2Error.ENHANCE_YOUR_CALM);

    private static final int HEAD = 9;
    private static final int TYPE_AT = 3;

    private final AuditLog audit;
    private final ByteBuffer frame = ByteBuffer.allocate(HEAD + 8).limit(HEAD);

    /** What is of no interest: the rest of a payload. */
    private int skip;

    Http2Refusals(AuditLog audit) {
        this.audit = audit;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes) {
            look(ctx, bytes);
        }
        ctx.write(message, promise);
    }

    private void look(ChannelHandlerContext ctx, ByteBuf bytes) {
        int at = bytes.readerIndex();
        int end = bytes.writerIndex();
        while (at < end) {
            if (skip > 0) {
                int skipped = Math.min(skip, end - at);
                skip -= skipped;
                at += skipped;
                continue;
            }
            frame.put(bytes.getByte(at++));
            if (frame.position() == HEAD) {
                frame.limit(HEAD + wanted());
            }
            if (!frame.hasRemaining()) {
                onFrame(ctx);
            }
        }
    }

    /** How much of the payload it takes to see the error code, which comes last in it. */
    private int wanted() {
        return switch (frame.get(TYPE_AT)) {
            case Http2FrameTypes.RST_STREAM -> 4;
            case Http2FrameTypes.GO_AWAY -> 8;
            default -> 0;
        };
    }

    private void onFrame(ChannelHandlerContext ctx) {
        int payload = frame.limit() - HEAD;
        if (payload > 0) {
            @Nullable Http2Error error = Http2Error.valueOf(frame.getInt(frame.limit() - 4));
            if (error != null && FAULTS.contains(error)) {
                new Malformed(400, "HTTP/2 " + error).record(audit, ctx.channel().remoteAddress());
            }
        }
        skip = (frame.getInt(0) >>> 8) - payload;
        frame.clear().limit(HEAD);
    }
}
