// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.portainer;

import io.hostagent.core.web.ResponseStamp;
import io.netty.handler.codec.http.HttpHeaders;

/**
 * The three headers by which a Portainer server knows an agent. They are on every response: a
 * server also looks for them on a refusal.
 */
public final class PortainerHeaders implements ResponseStamp {

    private final String version;

    public PortainerHeaders(String version) {
        this.version = version;
    }

    @Override
    public void apply(HttpHeaders headers) {
        headers.set("Portainer-Agent", version)
                .set("Portainer-Agent-API-Version", "2")
                // Docker, and Podman too.
                .set("Portainer-Agent-Platform", "1");
    }
}
