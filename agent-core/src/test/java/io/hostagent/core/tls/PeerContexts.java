// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.tls;

import io.hostagent.core.settings.Secret;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.SSLContext;

/** The TLS of agents and of those who play one, for tests that speak it by hand. */
public final class PeerContexts {

    private PeerContexts() {}

    /** What an agent with this secret has. */
    public static SSLContext agent(String secret, String name) {
        return impostor(secret, secret, name);
    }

    /**
     * What somebody has who knows one secret and trusts the agents of another: so that it is they
     * who have to object.
     */
    public static SSLContext impostor(String known, String trusted, String name) {
        try {
            return JdkContext.of(
                    ClusterAuthority.of(new Secret(known)).issue(name),
                    List.of(ClusterAuthority.of(new Secret(trusted)).certificate()));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
