// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.docker;

import io.hostagent.core.relay.PassedHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which headers of a client the engine gets to see. */
final class RequestHeaders {

    private RequestHeaders() {}

    /** The end-to-end headers of a request, without credentials, for the engine on a socket. */
    static HttpHeaders forEngine(HttpHeaders client) {
        HttpHeaders headers = PassedHeaders.of(client);
        // The client's host is the agent; Go refuses a request without any.
        headers.set(HttpHeaderNames.HOST, "docker");
        return headers;
    }

    /** The protocol of a raw stream that the client asks to switch to; {@code null} for none. */
    static @Nullable String upgrade(HttpHeaders client) {
        String upgrade = client.get(HttpHeaderNames.UPGRADE);
        if (upgrade == null || !client.containsValue(HttpHeaderNames.CONNECTION, "upgrade", true)) {
            return null;
        }
        return upgrade.toLowerCase(Locale.ROOT).contains("http/") ? null : upgrade;
    }
}
