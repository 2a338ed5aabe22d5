// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.tls;

import java.io.IOException;
import java.security.spec.InvalidKeySpecException;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/**
 * Keys in the forms that came before PKCS#8, which the JDK does not read. A class of its own, so
 * that Bouncy Castle is loaded only where there is such a key.
 */
final class TraditionalKey {

    private TraditionalKey() {}

    static byte[] toPkcs8(String label, byte[] content) throws InvalidKeySpecException {
        try {
            return switch (label) {
                case "RSA PRIVATE KEY" ->
                        new PrivateKeyInfo(
                                        new AlgorithmIdentifier(
                                                PKCSObjectIdentifiers.rsaEncryption,
                                                DERNull.INSTANCE),
                                        RSAPrivateKey.getInstance(content))
                                .getEncoded();
                case "EC PRIVATE KEY" -> {
                    ECPrivateKey key = ECPrivateKey.getInstance(content);
                    yield new PrivateKeyInfo(
                                    new AlgorithmIdentifier(
                                            X9ObjectIdentifiers.id_ecPublicKey,
                                            key.getParametersObject()),
                                    key)
                            .getEncoded();
                }
                default -> throw new InvalidKeySpecException("a " + label + " cannot be read");
            };
        } catch (IOException e) {
            throw new InvalidKeySpecException("it is damaged", e);
        }
    }
}
