// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.tls;

import io.hostagent.core.settings.AgentSettings.TlsFiles;
import io.hostagent.core.settings.SettingsException;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;

/**
 * A private key with the certificates that vouch for it.
 *
 * @param chain the certificate of the key first; never empty
 */
record Identity(PrivateKey key, List<X509Certificate> chain) {

    Identity {
        chain = List.copyOf(chain);
    }

    /**
     * Loads a pair of files.
     *
     * @throws SettingsException naming the file that cannot be used
     */
    static Identity load(TlsFiles files) {
        List<X509Certificate> chain = chain(files.certificate());
        PublicKey publicKey = chain.getFirst().getPublicKey();
        PrivateKey key = key(files.key(), publicKey.getAlgorithm());
        if (!fit(key, publicKey)) {
            throw notFitting(files);
        }
        return new Identity(key, chain);
    }

    X509Certificate certificate() {
        return chain.getFirst();
    }

    static List<X509Certificate> chain(Path file) {
        List<X509Certificate> chain =
                Pem.read(file).stream()
                        .filter(block -> block.label().equals("CERTIFICATE"))
                        .map(block -> certificate(file, block))
                        .toList();
        if (chain.isEmpty()) {
            throw new SettingsException(file + " holds no certificate in PEM");
        }
        return chain;
    }

    private static X509Certificate certificate(Path file, Pem block) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(block.content()));
        } catch (CertificateException | IllegalArgumentException e) {
            throw new SettingsException(file + " holds a damaged certificate: " + e.getMessage());
        }
    }

    private static PrivateKey key(Path file, String algorithm) {
        Pem block =
                Pem.read(file).stream()
                        .filter(candidate -> candidate.label().endsWith("PRIVATE KEY"))
                        .findFirst()
                        .orElseThrow(
                                () -> new SettingsException(file + " holds no private key in PEM"));
        if (block.encrypted()) {
            throw new SettingsException(
                    file + " is encrypted: store the key without a password (PKCS#8)");
        }
        try {
            byte[] pkcs8 =
                    block.label().equals("PRIVATE KEY")
                            ? block.content()
                            : TraditionalKey.toPkcs8(block.label(), block.content());
            return KeyFactory.getInstance(algorithm)
                    .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new SettingsException(
                    "%s holds no usable %s key, as its certificate needs: %s"
                            .formatted(file, algorithm, e.getMessage()));
        }
    }

    /** Whether the one verifies what the other signs. */
    static boolean fit(PrivateKey key, PublicKey publicKey) {
        byte[] probe = new byte[32];
        new SecureRandom().nextBytes(probe);
        try {
            Signature signature = Signature.getInstance(probeAlgorithm(publicKey.getAlgorithm()));
            signature.initSign(key);
            signature.update(probe);
            byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(probe);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static String probeAlgorithm(String algorithm) {
        return switch (algorithm) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> algorithm;
        };
    }

    private static SettingsException notFitting(TlsFiles files) {
        return new SettingsException(
                "The key in %s does not belong to the certificate in %s"
                        .formatted(files.key(), files.certificate()));
    }

    @Override
    public String toString() {
        return certificate().getSubjectX500Principal().getName();
    }
}
