// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.trust;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Base64;

/**
 * A signature as it stands in a header: r and s of 32 bytes each, in Base64 of the standard
 * alphabet without padding.
 */
final class SignatureText {

    private static final int BYTES = 64;
    private static final int LENGTH = 86;
    private static final int LONGEST_SCANNED = 512;

    private SignatureText() {}

    /**
     * Decodes a signature. Every signature has exactly one accepted text: the JDK's decoder would
     * let padding and stray last bits through.
     */
    static byte[] decode(String text) throws InvalidSignature {
        if (text.length() > LONGEST_SCANNED) {
            throw new InvalidSignature(Authenticator.UNAUTHORIZED);
        }
        for (int i = 0; i < text.length(); i++) {
            if (!inAlphabet(text.charAt(i))) {
                throw new InvalidSignature("Illegal base64 data at input byte " + i);
            }
        }
        if (text.length() != LENGTH) {
            throw new InvalidSignature(Authenticator.UNAUTHORIZED);
        }
        byte[] signature = Base64.getDecoder().decode(text);
        if (!Base64.getEncoder().withoutPadding().encodeToString(signature).equals(text)
                || !P256.hasScalar(half(signature, 0))
                || !P256.hasScalar(half(signature, BYTES / 2))) {
            throw new InvalidSignature(Authenticator.UNAUTHORIZED);
        }
        return signature;
    }

    private static BigInteger half(byte[] signature, int from) {
        return new BigInteger(1, Arrays.copyOfRange(signature, from, from + BYTES / 2));
    }

    private static boolean inAlphabet(char c) {
        return (c >= 'A' && c <= 'Z')
                || (c >= 'a' && c <= 'z')
                || (c >= '0' && c <= '9')
                || c == '+'
                || c == '/';
    }
}
