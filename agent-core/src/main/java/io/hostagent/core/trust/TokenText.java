// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.trust;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text of a bearer token: {@code uha_<id>_<256 random bits>}, the last two hexadecimal. */
record TokenText(String id, String text) {

    private static final String BEGINNING = "uha_";
    private static final Pattern FORM = Pattern.compile(BEGINNING + "([0-9a-f]{8})_[0-9a-f]{64}");
    private static final String SCHEME = "Bearer ";
    private static final HexFormat HEX = HexFormat.of();

    static TokenText random(SecureRandom random) {
        String id = hex(random, 4);
        return new TokenText(id, BEGINNING + id + "_" + hex(random, 32));
    }

    /** Whether an {@code Authorization} header is meant for this agent; others carry any JWT. */
    static boolean isIn(String authorization) {
        return authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                && authorization.startsWith(BEGINNING, SCHEME.length());
    }

    /** Reads the token of a header of which {@link #isIn} is true. */
    static Optional<TokenText> of(String authorization) {
        Matcher form = FORM.matcher(authorization).region(SCHEME.length(), authorization.length());
        return form.matches()
                ? Optional.of(new TokenText(form.group(1), form.group()))
                : Optional.empty();
    }

    byte[] sha256() {
        return Sha256.of(text.getBytes(UTF_8));
    }

    private static String hex(SecureRandom random, int bytes) {
        byte[] bits = new byte[bytes];
        random.nextBytes(bits);
        return HEX.formatHex(bits);
    }

    @Override
    public String toString() {
        return BEGINNING + id + "_(secret)";
    }
}
