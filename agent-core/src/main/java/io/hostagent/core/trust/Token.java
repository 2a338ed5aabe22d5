// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.trust;

import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a bearer token; the token itself is not.
 *
 * <p>The hash is a plain SHA-256. Slow, salted hashes protect what humans choose; a token carries
 * 256 random bits, which no amount of hashing can guess, and is checked for every request.
 *
 * @param id public part of the token
 * @param name the operator's word for it
 * @param sha256 of the token's text, hexadecimal
 * @param expires {@code null}: never
 */
public record Token(
        String id,
        @Nullable String name,
        Scope scope,
        String sha256,
        Instant created,
        @Nullable Instant expires) {

    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    public Token {
        if (!ID.matcher(id).matches() || !HASH.matcher(sha256).matches()) {
            throw new IllegalArgumentException("not the entry of a token");
        }
        if (name != null && (!NAME.matcher(name).matches() || ID.matcher(name).matches())) {
            throw new IllegalArgumentException(
                    "a token's name has up to 63 letters, digits, dots, underscores and hyphens,"
                            + " begins with a letter or digit, and does not look like a token's ID");
        }
    }

    /** Who a caller with this token is, in a log. */
    public String callerId() {
        return "token:" + (name == null ? id : name);
    }

    /** Whether it is no longer of any use. */
    public boolean expiredAt(Instant now) {
        return expires != null && !now.isBefore(expires);
    }

    boolean isCalled(String idOrName) {
        return id.equals(idOrName) || idOrName.equals(name);
    }

    @Override
    public String toString() {
        return callerId();
    }
}
