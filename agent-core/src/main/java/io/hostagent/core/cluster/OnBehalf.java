// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.cluster;

import io.hostagent.core.trust.Caller;
import io.hostagent.core.trust.CallerHeader;
import io.hostagent.core.trust.Credentials;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * In whose name another agent is asked. Of what a client sent to be let in, only its signature ever
 * travels, and only where there is no shared secret that agents could know each other by.
 *
 * @param caller {@code null}: the agent itself
 * @param signature the two headers of the client's signature, or none
 */
public record OnBehalf(@Nullable Caller caller, HttpHeaders signature) {

    private static final String[] SIGNATURE = {
        "X-PortainerAgent-PublicKey", "X-PortainerAgent-Signature"
    };

    /** The agent asks for itself. */
    public static final OnBehalf ITSELF = new OnBehalf(null, EmptyHttpHeaders.INSTANCE);

    /**
     * A client that was let in asks.
     *
     * @param caller {@code null} where its name is of no interest
     */
    public static OnBehalf of(@Nullable Caller caller, Credentials request) {
        HttpHeaders signature = new DefaultHttpHeaders();
        for (String name : SIGNATURE) {
            String value = request.header(name);
            if (value == null || value.isEmpty()) {
                return new OnBehalf(caller, EmptyHttpHeaders.INSTANCE);
            }
            signature.set(name, value);
        }
        return new OnBehalf(caller, signature);
    }

    /** Whether an agent that does not know the secret would listen. */
    public boolean signed() {
        return !signature.isEmpty();
    }

    void addTo(HttpHeaders headers, boolean mutual) {
        if (!mutual) {
            headers.add(signature);
        } else if (caller != null) {
            headers.set(CallerHeader.NAME, CallerHeader.of(caller));
        }
    }
}
