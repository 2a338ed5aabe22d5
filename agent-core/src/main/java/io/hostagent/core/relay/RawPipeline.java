// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.ssl.SslHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How a connection stops speaking HTTP. */
public final class RawPipeline {

    private RawPipeline() {}

    /**
     * Takes every handler but TLS out of a channel and puts these in their place; they also get
     * what a codec has read ahead. Called on the channel's event loop.
     */
    public static void replace(Channel channel, ChannelHandler... handlers) {
        ChannelPipeline pipeline = channel.pipeline();
        List<ChannelHandler> others = new ArrayList<>();
        for (Map.Entry<String, ChannelHandler> handler : pipeline) {
            if (!(handler.getValue() instanceof SslHandler)) {
                others.add(handler.getValue());
            }
        }
        pipeline.addLast(handlers);
        // From the end: bytes that a codec still holds then find nobody but the new handlers.
        for (ChannelHandler handler : others.reversed()) {
            pipeline.remove(handler);
        }
    }

    /**
     * The bytes of a {@code 101}, for a channel without a codec.
     *
     * @param status with the words of the server that switches
     * @param headers of it; another agent's own are left out
     * @param added what the agent puts on all its responses
     */
    public static ByteBuf switching(
            HttpResponseStatus status, HttpHeaders headers, HttpHeaders added) {
        StringBuilder text = new StringBuilder(256);
        text.append("HTTP/1.1 ").append(status).append("\r\n");
        HttpHeaders others = headers.copy();
        added.names().forEach(others::remove);
        append(text, others);
        append(text, added.copy().remove(HttpHeaderNames.TRANSFER_ENCODING));
        return ByteBufUtil.writeAscii(ByteBufAllocator.DEFAULT, text.append("\r\n"));
    }

    private static void append(StringBuilder text, HttpHeaders headers) {
        for (Map.Entry<String, String> header : headers) {
            text.append(header.getKey()).append(": ").append(header.getValue()).append("\r\n");
        }
    }
}
