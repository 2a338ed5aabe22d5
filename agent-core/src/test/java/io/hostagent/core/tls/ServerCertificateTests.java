// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostagent.core.settings.AgentSettings.TlsFiles;
import io.hostagent.core.settings.SettingsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerCertificateTests {

    @TempDir Path data;

    @Test
    void makesAPairForThisHost() throws Exception {
        X509Certificate certificate = Identity.load(provide()).certificate();
        certificate.verify(certificate.getPublicKey());
        certificate.checkValidity();
        assertThat(((ECPublicKey) certificate.getPublicKey()).getParams().getOrder().bitLength())
                .isEqualTo(256);
        assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(certificate.getNotAfter().toInstant())
                .isAfter(Instant.now().plus(Duration.ofDays(3649)));
        assertThat(certificate.getSubjectAlternativeNames())
                .contains(List.of(2, "localhost"), List.of(7, "127.0.0.1"))
                .anySatisfy(
                        name ->
                                assertThat(name.get(1))
                                        .isEqualTo(
                                                Files.readString(
                                                                Path.of(
                                                                        "/proc/sys/kernel/hostname"))
                                                        .strip()));
    }

    @Test
    void keepsItsKeyToItself() {
        TlsFiles files = provide();
        assertThat(mode(files.key())).isEqualTo("rw-------");
        assertThat(mode(data.resolve("tls"))).isEqualTo("rwx------");
        assertThat(data.resolve("tls").toFile().list())
                .containsExactlyInAnyOrder("cert.pem", "key.pem");
    }

    @Test
    void keepsThePairOverRestarts() throws Exception {
        byte[] first = Files.readAllBytes(provide().certificate());
        assertThat(Files.readAllBytes(provide().certificate())).isEqualTo(first);
    }

    @Test
    void makesThePairAgainWhenACrashLeftOnlyTheKey() throws Exception {
        Files.delete(provide().certificate());
        Identity.load(provide());
    }

    @Test
    void renewsItsOwnWorkBeforeItEndsAndKeepsTheKey() {
        X509Certificate first = Identity.load(provide()).certificate();
        Clock late = Clock.fixed(Instant.now().plus(Duration.ofDays(3640)), ZoneOffset.UTC);
        X509Certificate second =
                Identity.load(ServerCertificate.provide(data, Optional.empty(), late))
                        .certificate();
        assertThat(second).isNotEqualTo(first);
        assertThat(second.getPublicKey()).isEqualTo(first.getPublicKey());
        assertThat(second.getNotAfter()).isAfter(first.getNotAfter());
    }

    @Test
    void takesTheOperatorsFilesAndMakesNone() throws Exception {
        TlsFiles own = Pairs.write(data);
        assertThat(ServerCertificate.provide(data, Optional.of(own))).isEqualTo(own);
        assertThat(data.resolve("tls")).doesNotExist();
    }

    @Test
    void readsTheFormsBeforePkcs8() throws Exception {
        TlsFiles own = Pairs.in(data);
        KeyPair pair = SelfMade.newKey();
        Files.write(own.certificate(), Pairs.certificate(pair, Instant.now()));
        byte[] inner =
                PrivateKeyInfo.getInstance(pair.getPrivate().getEncoded())
                        .parsePrivateKey()
                        .toASN1Primitive()
                        .getEncoded();
        // SEC 1 as OpenSSL writes it names the curve in the key; PKCS#8 names it outside.
        byte[] sec1 =
                new org.bouncycastle.asn1.sec.ECPrivateKey(
                                256,
                                org.bouncycastle.asn1.sec.ECPrivateKey.getInstance(inner).getKey(),
                                X9ObjectIdentifiers.prime256v1)
                        .getEncoded();
        Files.write(own.key(), Pem.write("EC PRIVATE KEY", sec1));
        assertThat(Identity.load(own).key().getAlgorithm()).isEqualTo("EC");
    }

    @Test
    void readsAnRsaKeyBeforePkcs8() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        byte[] pkcs8 = generator.generateKeyPair().getPrivate().getEncoded();
        byte[] pkcs1 =
                PrivateKeyInfo.getInstance(pkcs8).parsePrivateKey().toASN1Primitive().getEncoded();
        assertThat(TraditionalKey.toPkcs8("RSA PRIVATE KEY", pkcs1)).isEqualTo(pkcs8);
    }

    @Test
    void namesAMissingFile() {
        TlsFiles own = Pairs.in(data);
        assertRefused(own, own.certificate() + " does not exist");
    }

    @Test
    void namesAFileWithoutACertificateOrKey() throws Exception {
        TlsFiles own = Pairs.write(data);
        Files.copy(own.certificate(), data.resolve("copy"));
        Files.writeString(own.certificate(), "hello");
        assertRefused(own, own.certificate() + " holds no certificate in PEM");
        Files.copy(data.resolve("copy"), own.certificate(), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(data.resolve("copy"), own.key(), StandardCopyOption.REPLACE_EXISTING);
        assertRefused(own, own.key() + " holds no private key in PEM");
        Files.write(own.key(), Pem.write("PRIVATE KEY", new byte[] {1, 2, 3}));
        assertRefused(own, own.key() + " holds no usable EC key");
    }

    @Test
    void namesAnEncryptedKey() throws Exception {
        TlsFiles own = Pairs.write(data);
        for (String key :
                List.of(
                        """
                        -----BEGIN ENCRYPTED PRIVATE KEY-----
                        MIIB
                        -----END ENCRYPTED PRIVATE KEY-----
                        """,
                        """
                        -----BEGIN EC PRIVATE KEY-----
                        Proc-Type: 4,ENCRYPTED
                        DEK-Info: AES-256-CBC,00

                        MIIB
                        -----END EC PRIVATE KEY-----
                        """)) {
            Files.writeString(own.key(), key);
            assertRefused(own, own.key() + " is encrypted");
        }
    }

    @Test
    void namesThePairThatDoesNotFit() throws Exception {
        TlsFiles own = Pairs.write(data);
        Files.write(
                own.key(), Pem.write("PRIVATE KEY", SelfMade.newKey().getPrivate().getEncoded()));
        assertRefused(
                own, own.key() + " does not belong to the certificate in " + own.certificate());
    }

    @Test
    void doesNotReplaceADamagedPairOfItsOwn() throws Exception {
        TlsFiles files = provide();
        Files.writeString(files.key(), "");
        assertThatThrownBy(this::provide)
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(files.key().toString())
                .hasMessageContaining("remove " + files.certificate());
    }

    private void assertRefused(TlsFiles own, String message) {
        assertThatThrownBy(() -> ServerCertificate.provide(data, Optional.of(own)))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(message);
    }

    private TlsFiles provide() {
        return ServerCertificate.provide(data, Optional.empty());
    }

    private static String mode(Path file) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
