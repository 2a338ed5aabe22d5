// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** How the head of a server's response becomes that of the response to a client. */
final class ResponseHead {

    private ResponseHead() {}

    /**
     * Takes over status and end-to-end headers, and frames the body as this client can read it.
     * What the agent puts on all its responses is there already, and another agent's is left out.
     */
    static void apply(HttpResponse head, HttpServerRequest request, HttpServerResponse response) {
        response.status(head.status());
        HttpHeaders headers = response.responseHeaders();
        EndToEndHeaders.copyOthers(head.headers(), headers);
        String length = head.headers().get(HttpHeaderNames.CONTENT_LENGTH);
        if (HttpUtil.isTransferEncodingChunked(head)) {
            length = null;
        }
        if (length != null) {
            headers.remove(HttpHeaderNames.TRANSFER_ENCODING);
            headers.set(HttpHeaderNames.CONTENT_LENGTH, length);
        } else if (request.version().equals(HttpVersion.HTTP_1_0)) {
            response.chunkedTransfer(false).keepAlive(false);
        }
    }

    /** Whether head and end are one write, which is left to Reactor Netty. */
    static boolean bodiless(HttpMethod method, HttpResponse head) {
        int code = head.status().code();
        return method.equals(HttpMethod.HEAD)
                || code == 204
                || code == 304
                // Reactor Netty would take such a head for the whole answer and not flush it again.
                || (HttpUtil.getContentLength(head, -1L) == 0
                        && !HttpUtil.isTransferEncodingChunked(head));
    }
}
