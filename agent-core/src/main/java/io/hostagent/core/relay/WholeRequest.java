// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;

/** A request that goes to an upstream server in one piece: with a small body, or with none. */
final class WholeRequest {

    private WholeRequest() {}

    /** A request without a body. */
    static FullHttpRequest of(HttpMethod method, String target, HttpHeaders headers) {
        return of(method, target, headers, new byte[0]);
    }

    /**
     * A request with a body, whose length is added to the headers unless it is empty.
     *
     * @param headers are copied: others may still need them, on other threads
     */
    static FullHttpRequest of(HttpMethod method, String target, HttpHeaders headers, byte[] body) {
        // They were validated where they came from.
        HttpHeaders copy =
                DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
        copy.add(headers);
        if (body.length > 0) {
            copy.set(HttpHeaderNames.CONTENT_LENGTH, body.length);
        }
        return new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1,
                method,
                target,
                Unpooled.wrappedBuffer(body),
                copy,
                EmptyHttpHeaders.INSTANCE);
    }
}
