// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.stream.Stream;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Makes certificates that vouch for themselves, with Bouncy Castle's builders, which the agent
 * loads only on the one start that has to make a certificate (or for a {@link ClusterAuthority}).
 */
final class SelfMade {

    private static final Duration LIFETIME = Duration.ofDays(3650);

    /** Clocks of clients may be behind. */
    private static final Duration GRACE = Duration.ofDays(1);

    private SelfMade() {}

    static KeyPair newKey() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    /** A DER-encoded certificate for this host. */
    static byte[] certificate(PublicKey publicKey, PrivateKey key, Instant now)
            throws IOException, GeneralSecurityException {
        X500Name name = new X500Name(ServerCertificate.NAME);
        X509v3CertificateBuilder certificate =
                new X509v3CertificateBuilder(
                        name,
                        new BigInteger(127, new SecureRandom()).setBit(126),
                        Date.from(now.minus(GRACE)),
                        Date.from(now.plus(LIFETIME)),
                        name,
                        SubjectPublicKeyInfo.getInstance(publicKey.getEncoded()));
        certificate.addExtension(
                Extension.subjectAlternativeName, false, new GeneralNames(names()));
        certificate.addExtension(
                Extension.extendedKeyUsage,
                false,
                new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
        certificate.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        try {
            return certificate
                    .build(new JcaContentSignerBuilder("SHA256withECDSA").build(key))
                    .getEncoded();
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException(e);
        }
    }

    private static GeneralName[] names() throws IOException {
        return Stream.concat(
                        HostNames.names().stream()
                                .map(n -> new GeneralName(GeneralName.dNSName, n)),
                        HostNames.addresses().stream().map(SelfMade::address))
                .toArray(GeneralName[]::new);
    }

    private static GeneralName address(InetAddress address) {
        return new GeneralName(GeneralName.iPAddress, new DEROctetString(address.getAddress()));
    }
}
