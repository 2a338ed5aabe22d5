// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.docker;

import io.hostagent.core.relay.EndToEndHeaders;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which headers of a client the engine gets to see. */
final class RequestHeaders {

    /**
     * The caller's own: they let it into the agent, or into the Portainer server in front of it,
     * and are nobody else's business.
     */
    private static final List<String> CREDENTIALS =
            List.of(
                    "Authorization",
                    "Cookie",
                    "X-Api-Key",
                    "X-Csrf-Token",
                    "X-PortainerAgent-PublicKey",
                    "X-PortainerAgent-Signature",
                    "X-PortainerAgent-Target",
                    "X-PortainerAgent-ManagerOperation",
                    "X-PortainerAgent-SA-Token",
                    "X-Portainer-VolumeName");

    private RequestHeaders() {}

    /** The end-to-end headers of a request, without credentials, for the engine on a socket. */
    static HttpHeaders forEngine(HttpHeaders client) {
        HttpHeaders headers =
                DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
        EndToEndHeaders.copy(client, headers);
        CREDENTIALS.forEach(headers::remove);
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
