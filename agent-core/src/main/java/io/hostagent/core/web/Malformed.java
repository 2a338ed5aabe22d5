// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.web;

import io.hostagent.core.trust.AuditLog;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;
import reactor.netty.Connection;
import reactor.netty.ConnectionObserver;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerState;

/**
 * Why something is no HTTP request, in words of the agent's own: never in bytes of the request,
 * which are a stranger's.
 *
 * @param status that Reactor Netty answers
 */
record Malformed(int status, String reason) {

    /** A request that could not be decoded, for reasons that only a developer would understand. */
    static final Malformed REQUEST = new Malformed(400, "malformed HTTP request");

    /** What the decoder objects to. */
    static Malformed of(Throwable cause) {
        return switch (cause) {
            case TooLongHttpLineException e -> new Malformed(414, "request line too long");
            case TooLongHttpHeaderException e -> new Malformed(431, "headers too long");
            default -> REQUEST;
        };
    }

    void record(AuditLog audit, @Nullable SocketAddress remote) {
        audit.malformed(remote, status, reason);
    }

    /**
     * Records the requests of HTTP/2 that Reactor Netty refuses by itself. Those of HTTP/1.1 are
     * seen on their way there.
     */
    static ConnectionObserver ofHttp2(AuditLog audit) {
        return new ConnectionObserver() {
            @Override
            public void onStateChange(Connection connection, State state) {
                if (state == HttpServerState.REQUEST_DECODING_FAILED
                        && connection instanceof HttpServerRequest request
                        && request.version().majorVersion() == 2) {
                    REQUEST.record(audit, request.remoteAddress());
                }
            }
        };
    }
}
