// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.console;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.hostagent.core.error.CallerException;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import reactor.netty.http.server.HttpServerRequest;

/**
 * The opening handshake of a WebSocket (RFC 6455 §4.2), without extensions or subprotocols. No
 * {@code Origin} is judged: a browser has no credentials for an agent that it could be made to use.
 */
final class Handshake {

    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int KEY_BYTES = 16;

    private Handshake() {}

    /** What a request for a WebSocket is answered with; {@link CallerException} for any other. */
    static HttpHeaders answer(HttpServerRequest request) {
        if (!request.method().equals(HttpMethod.GET)) {
            throw new CallerException(
                    405, "Method not allowed", "A console is opened by GET with a WebSocket");
        }
        HttpHeaders headers = request.requestHeaders();
        if (!request.version().equals(HttpVersion.HTTP_1_1)) {
            throw notAWebSocket("It is asked for over HTTP/1.1, and not over " + request.version());
        }
        if (!headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
                || !headers.containsValue(
                        HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)) {
            throw notAWebSocket("The request does not ask for one (Upgrade: websocket)");
        }
        if (!"13".equals(headers.get(HttpHeaderNames.SEC_WEBSOCKET_VERSION))) {
            throw notAWebSocket("Sec-WebSocket-Version must be 13");
        }
        String key = headers.get(HttpHeaderNames.SEC_WEBSOCKET_KEY);
        if (key == null || !isKey(key)) {
            throw notAWebSocket("Sec-WebSocket-Key must be 16 bytes in Base64");
        }
        return new DefaultHttpHeaders()
                .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
                .set(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT, accept(key));
    }

    private static CallerException notAWebSocket(String details) {
        return CallerException.badRequest("A console needs a WebSocket", details);
    }

    private static boolean isKey(String key) {
        try {
            return Base64.getDecoder().decode(key).length == KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    static String accept(String key) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            return Base64.getEncoder().encodeToString(sha1.digest((key + GUID).getBytes(US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
