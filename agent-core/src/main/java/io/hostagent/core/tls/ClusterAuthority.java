// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.hostagent.core.settings.Secret;
import io.hostagent.core.trust.P256;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import javax.crypto.KDF;
import javax.crypto.KeyAgreement;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The certificate authority of a cluster. Its key is derived from the shared secret, so every agent
 * that knows the secret has the same one without asking anybody, and nobody else has it.
 *
 * <p>The derivation is deliberately slow: a stranger may connect to an agent, see a certificate
 * that this key signed, and then try secrets at home.
 */
final class ClusterAuthority {

    /** What every agent of every cluster calls its authority; only the key tells them apart. */
    static final X500Name NAME = new X500Name("CN=Unified Host Agent cluster");

    /** What OWASP's Password Storage Cheat Sheet asks of PBKDF2 with HMAC-SHA-256. */
    private static final int ITERATIONS = 600_000;

    /**
     * Agents share nothing but the secret, so the salt is a constant: it keeps this use of the
     * secret apart from all others. Another number is another, incompatible scheme.
     */
    private static final byte[] SALT =
            "io.hostagent cluster authority, version 1".getBytes(US_ASCII);

    private static final byte[] KEY_LABEL = "P-256 private key".getBytes(US_ASCII);

    /**
     * 128 bits more than the key has, so that no key is likelier than others (FIPS 186-5 A.2.1).
     */
    private static final int KEY_MATERIAL = 48;

    /**
     * Certificates are good at any time there is, for clocks differ, and a small machine begins in
     * 1970 until it has reached a time server. Their end is that of the secret, and of a leaf's key
     * that of its process.
     */
    private static final Date BEGINNING = Date.from(Instant.EPOCH);

    /** RFC 5280, 4.1.2.5: the date of those that have no end. */
    private static final Date END = Date.from(Instant.parse("9999-12-31T23:59:59Z"));

    private final PrivateKey key;
    private final X509Certificate certificate;

    private ClusterAuthority(PrivateKey key, X509Certificate certificate) {
        this.key = key;
        this.certificate = certificate;
    }

    /** Derives the authority of a secret: some tenths of a second of CPU. */
    static ClusterAuthority of(Secret secret) throws GeneralSecurityException, IOException {
        KeyPair pair = pair(number(secret));
        X509v3CertificateBuilder certificate = builder(NAME, BigInteger.ONE, pair.getPublic());
        certificate.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
        certificate.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
        return new ClusterAuthority(pair.getPrivate(), sign(certificate, pair.getPrivate()));
    }

    /** What a peer's certificate must lead to. */
    X509Certificate certificate() {
        return certificate;
    }

    /**
     * Makes a new key and certifies it.
     *
     * @param name of the agent, for those who read logs
     */
    Identity issue(String name) throws GeneralSecurityException, IOException {
        KeyPair pair = SelfMade.newKey();
        X509v3CertificateBuilder leaf =
                builder(
                        new X500NameBuilder().addRDN(BCStyle.CN, name).build(),
                        new BigInteger(127, new SecureRandom()).setBit(126),
                        pair.getPublic());
        leaf.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        leaf.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        leaf.addExtension(
                Extension.extendedKeyUsage,
                false,
                new ExtendedKeyUsage(
                        new KeyPurposeId[] {
                            KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
                        }));
        return new Identity(pair.getPrivate(), List.of(sign(leaf, key)));
    }

    private static X509v3CertificateBuilder builder(
            X500Name subject, BigInteger serial, PublicKey key) {
        return new X509v3CertificateBuilder(
                NAME,
                serial,
                BEGINNING,
                END,
                subject,
                SubjectPublicKeyInfo.getInstance(key.getEncoded()));
    }

    private static X509Certificate sign(X509v3CertificateBuilder certificate, PrivateKey key)
            throws GeneralSecurityException, IOException {
        try {
            byte[] content =
                    certificate
                            .build(new JcaContentSignerBuilder("SHA256withECDSA").build(key))
                            .getEncoded();
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(content));
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException(e);
        }
    }

    /** The private key as a number, from 1 to the order of the curve less 1. */
    private static BigInteger number(Secret secret) throws GeneralSecurityException {
        byte[] material =
                KDF.getInstance("HKDF-SHA256")
                        .deriveData(
                                HKDFParameterSpec.ofExtract()
                                        .addIKM(stretch(secret))
                                        .thenExpand(KEY_LABEL, KEY_MATERIAL));
        BigInteger most = P256.PARAMETERS.getOrder().subtract(BigInteger.ONE);
        BigInteger number = new BigInteger(1, material).mod(most).add(BigInteger.ONE);
        Arrays.fill(material, (byte) 0);
        return number;
    }

    private static SecretKey stretch(Secret secret) throws GeneralSecurityException {
        char[] text = new String(secret.bytes(), UTF_8).toCharArray();
        PBEKeySpec password = new PBEKeySpec(text, SALT, ITERATIONS, 256);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(password);
        } finally {
            password.clearPassword();
            Arrays.fill(text, '\0');
        }
    }

    /**
     * The JDK cannot be asked for the public key of a private one. But a key agreement with the
     * curve's generator gives the x of it, and of the two points there only one verifies what the
     * private key signs.
     */
    private static KeyPair pair(BigInteger number) throws GeneralSecurityException {
        KeyFactory keys = KeyFactory.getInstance("EC");
        PrivateKey key = keys.generatePrivate(new ECPrivateKeySpec(number, P256.PARAMETERS));
        KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
        agreement.init(key);
        agreement.doPhase(publicKey(keys, P256.PARAMETERS.getGenerator()), true);
        BigInteger x = new BigInteger(1, agreement.generateSecret());
        for (ECPoint point : P256.pointsAt(x)) {
            PublicKey publicKey = publicKey(keys, point);
            if (Identity.fit(key, publicKey)) {
                return new KeyPair(publicKey, key);
            }
        }
        throw new GeneralSecurityException("This JDK's P-256 does not agree with itself");
    }

    private static PublicKey publicKey(KeyFactory keys, ECPoint point)
            throws GeneralSecurityException {
        return keys.generatePublic(new ECPublicKeySpec(point, P256.PARAMETERS));
    }
}
