// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.trust;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hostagent.core.settings.Secret;
import java.security.MessageDigest;

/**
 * A bearer token that a setting gives, so that all agents have the same. Of it only a hash is kept.
 */
final class FixedToken {

    private static final String SCHEME = "Bearer ";

    private final byte[] sha256;

    private FixedToken(byte[] sha256) {
        this.sha256 = sha256;
    }

    static FixedToken of(Secret token) {
        return new FixedToken(Sha256.of(token.bytes()));
    }

    /** Whether an {@code Authorization} header has this token. */
    boolean isIn(String authorization) {
        if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return false;
        }
        byte[] presented = authorization.substring(SCHEME.length()).getBytes(UTF_8);
        return MessageDigest.isEqual(sha256, Sha256.of(presented));
    }
}
