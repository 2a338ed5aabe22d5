// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.trust;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.HexFormat;
import java.util.Locale;

/**
 * The public key of a client, always a point on P-256.
 *
 * <p>A DER-encoded P-256 key has one length and one beginning, only its point varies. So a key from
 * a stranger is compared with these and never reaches an ASN.1 parser, and keys of other kinds end
 * here, too.
 */
final class ClientKey {

    private static final String BEGINNING =
            "3059301306072a8648ce3d020106082a8648ce3d03010703420004";
    private static final int COORDINATE = 64;
    private static final int LENGTH = BEGINNING.length() + 2 * COORDINATE;

    private final String hex;
    private final ECPublicKey key;

    private ClientKey(String hex, ECPublicKey key) {
        this.hex = hex;
        this.key = key;
    }

    /** Reads a key as it stands in a header, in upper or lower case. */
    static ClientKey parse(String text) throws InvalidSignature {
        if (text.length() != LENGTH || !text.chars().allMatch(HexFormat::isHexDigit)) {
            throw new InvalidSignature(
                    "The public key is not " + LENGTH + " hexadecimal characters");
        }
        String hex = text.toLowerCase(Locale.ROOT);
        if (!hex.startsWith(BEGINNING)) {
            throw new InvalidSignature("The public key is not an EC key on P-256");
        }
        ECPoint point =
                new ECPoint(
                        new BigInteger(
                                hex.substring(LENGTH - 2 * COORDINATE, LENGTH - COORDINATE), 16),
                        new BigInteger(hex.substring(LENGTH - COORDINATE), 16));
        if (!P256.has(point)) {
            throw new InvalidSignature("The public key is not a point on P-256");
        }
        try {
            return new ClientKey(
                    hex,
                    (ECPublicKey)
                            KeyFactory.getInstance("EC")
                                    .generatePublic(new ECPublicKeySpec(point, P256.PARAMETERS)));
        } catch (GeneralSecurityException e) {
            throw new InvalidSignature("The public key cannot be used");
        }
    }

    /** The key in lower-case hexadecimal. */
    String hex() {
        return hex;
    }

    ECPublicKey key() {
        return key;
    }

    /** Whether a header holds this very key. */
    boolean is(String text) {
        return hex.equalsIgnoreCase(text);
    }

    /** Who a client with this key is, in a log. */
    String callerId() {
        return callerId(hex);
    }

    static String callerId(String hex) {
        return "key:" + Sha256.hex(HexFormat.of().parseHex(hex)).substring(0, 12);
    }

    @Override
    public String toString() {
        return callerId();
    }
}
