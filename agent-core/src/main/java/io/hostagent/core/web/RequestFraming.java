// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.web;

import io.hostagent.core.trust.AuditLog;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Refuses an HTTP/1.x request of which two readers could disagree where it ends, beyond what the
 * decoder in front of it refuses. Such a request is marked as broken, which Reactor Netty answers
 * with 400 and the end of the connection; nothing that follows it is looked at.
 */
final class RequestFraming extends ChannelInboundHandlerAdapter {

    /** Reactor Netty reads the port of it. */
    private static final Pattern HOST =
            Pattern.compile("(\\[[^\\]]*\\][^:]*|[^\\[:][^:]*)?(:[0-9]{1,9})?");

    private final AuditLog audit;
    private boolean refused;

    RequestFraming(AuditLog audit) {
        this.audit = audit;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (refused) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof HttpRequest request && request.decoderResult().isSuccess()) {
            @Nullable String objection = objection(request);
            if (objection != null) {
                request.setDecoderResult(
                        DecoderResult.failure(new IllegalArgumentException(objection)));
                // Whatever it said: on this connection it is the protocol.
                request.setProtocolVersion(HttpVersion.HTTP_1_1);
                refuse(ctx, new Malformed(400, objection));
            }
        } else if (message instanceof HttpRequest request) {
            refuse(ctx, Malformed.of(request.decoderResult().cause()));
        } else if (message instanceof HttpContent content && content.decoderResult().isFailure()) {
            // A body that breaks off: there is no answer that could not be taken for another's.
            content.release();
            refuse(ctx, new Malformed(400, "malformed body"));
            ctx.close();
            return;
        }
        ctx.fireChannelRead(message);
    }

    private void refuse(ChannelHandlerContext ctx, Malformed why) {
        refused = true;
        why.record(audit, ctx.channel().remoteAddress());
    }

    private static @Nullable String objection(HttpRequest request) {
        HttpVersion version = request.protocolVersion();
        if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
            return "neither HTTP/1.0 nor HTTP/1.1";
        }
        HttpHeaders headers = request.headers();
        String host = headers.get(HttpHeaderNames.HOST);
        if (host != null && !HOST.matcher(host).matches()) {
            return "a host that is none";
        }
        List<String> encodings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (encodings.isEmpty()) {
            return null;
        }
        if (encodings.size() > 1 || !encodings.getFirst().equalsIgnoreCase("chunked")) {
            return "a transfer encoding other than chunked";
        }
        if (version.equals(HttpVersion.HTTP_1_0)) {
            return "a transfer encoding in HTTP/1.0";
        }
        return headers.contains(HttpHeaderNames.CONTENT_LENGTH)
                ? "a length and a transfer encoding"
                : null;
    }
}
