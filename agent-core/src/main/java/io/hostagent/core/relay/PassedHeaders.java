// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;

/** Which headers of a client the next server gets to see. */
public final class PassedHeaders {

    /**
     * The caller's own: they let it into the agent, or into the Portainer server in front of it,
     * and are nobody else's business. And what agents tell each other, which a client must not.
     */
    private static final List<String> KEPT =
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
                    "X-Portainer-VolumeName",
                    "X-HostAgent-Caller",
                    "X-HostAgent-Hop");

    private PassedHeaders() {}

    /** The end-to-end headers of a request, without credentials and without a host. */
    public static HttpHeaders of(HttpHeaders client) {
        HttpHeaders headers =
                DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
        EndToEndHeaders.copy(client, headers);
        KEPT.forEach(headers::remove);
        headers.remove("Host");
        return headers;
    }
}
