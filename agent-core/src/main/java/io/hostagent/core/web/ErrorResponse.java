// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.web;

import io.hostagent.core.error.ApiError;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** The answer to a request that got no other one. */
final class ErrorResponse {

    private ErrorResponse() {}

    /** Sends it; called on the connection's event loop. */
    static Mono<Void> send(
            int status, ApiError error, HttpServerRequest request, HttpServerResponse response) {
        byte[] body = error.json();
        response.status(HttpResponseStatus.valueOf(status));
        response.responseHeaders()
                .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
                .set(HttpHeaderNames.CONTENT_LENGTH, body.length);
        return request.method().equals(HttpMethod.HEAD)
                ? response.send()
                : response.send(Mono.just(Unpooled.wrappedBuffer(body))).then();
    }
}
