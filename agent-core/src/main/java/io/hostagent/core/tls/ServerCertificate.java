// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.tls;

import io.hostagent.core.settings.AgentSettings.TlsFiles;
import io.hostagent.core.settings.SettingsException;
import io.hostagent.core.trust.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which certificate the agent shows: the operator's own, or one that it makes for itself on its
 * first start and keeps in the data folder, so that clients may remember it.
 */
public final class ServerCertificate {

    /** By this name the agent knows a certificate as its own work. */
    static final String NAME = "CN=Unified Host Agent";

    private static final Logger log = LoggerFactory.getLogger(ServerCertificate.class);
    private static final Duration RENEWED_BEFORE_END = Duration.ofDays(30);

    private final TlsFiles files;
    private final Clock clock;

    private ServerCertificate(TlsFiles files, Clock clock) {
        this.files = files;
        this.clock = clock;
    }

    /**
     * Finds the certificate, and makes or renews it where that is the agent's to do.
     *
     * @param own the operator's files
     * @return files that hold a certificate and its key
     * @throws SettingsException naming the file that cannot be used
     */
    public static TlsFiles provide(Path dataPath, Optional<TlsFiles> own) {
        return provide(dataPath, own, Clock.systemUTC());
    }

    static TlsFiles provide(Path dataPath, Optional<TlsFiles> own, Clock clock) {
        if (own.isPresent()) {
            warnIfExpired(Identity.load(own.get()), own.get(), clock);
            return own.get();
        }
        Path folder = dataPath.resolve("tls");
        TlsFiles files = new TlsFiles(folder.resolve("cert.pem"), folder.resolve("key.pem"));
        try {
            new ServerCertificate(files, clock).makeOrRenew(folder);
        } catch (IOException | GeneralSecurityException e) {
            throw new SettingsException(
                    "DATA_PATH=%s: no certificate can be made in %s: %s"
                            .formatted(dataPath, folder, e));
        }
        return files;
    }

    /**
     * Makes a pair unless there is one. The certificate is written last: without it, whatever a
     * crash left is made again.
     */
    private void makeOrRenew(Path folder) throws IOException, GeneralSecurityException {
        if (!Files.exists(files.certificate())) {
            createPrivate(folder);
            KeyPair pair = SelfMade.newKey();
            PrivateFile.write(
                    files.key(), Pem.write("PRIVATE KEY", pair.getPrivate().getEncoded()));
            sign(pair.getPublic(), pair.getPrivate());
            log.info("Made a certificate for this agent: {}", files.certificate());
            return;
        }
        Identity identity = loadOwnWork();
        if (!isSelfMade(identity.certificate())) {
            warnIfExpired(identity, files, clock);
        } else if (ends(identity).isBefore(clock.instant().plus(RENEWED_BEFORE_END))) {
            // The key stays, so that one rename replaces the pair and who pinned the key is served.
            sign(identity.certificate().getPublicKey(), identity.key());
            log.info("Renewed the certificate of this agent: {}", files.certificate());
        }
    }

    private Identity loadOwnWork() {
        try {
            return Identity.load(files);
        } catch (SettingsException e) {
            throw new SettingsException(
                    "%s; put it right, or remove %s to have a new pair made"
                            .formatted(e.getMessage(), files.certificate()));
        }
    }

    private void sign(PublicKey publicKey, PrivateKey key)
            throws IOException, GeneralSecurityException {
        byte[] certificate = SelfMade.certificate(publicKey, key, clock.instant());
        PrivateFile.write(files.certificate(), Pem.write("CERTIFICATE", certificate));
    }

    private static void createPrivate(Path folder) throws IOException {
        Path parent = folder.toAbsolutePath().getParent();
        if (Files.isDirectory(folder) || parent == null) {
            return;
        }
        Files.createDirectories(parent);
        Files.createDirectory(
                folder,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        PrivateFile.giveToOwnerOf(parent, folder);
    }

    private static boolean isSelfMade(X509Certificate certificate) {
        X500Principal name = new X500Principal(NAME);
        return name.equals(certificate.getSubjectX500Principal())
                && name.equals(certificate.getIssuerX500Principal());
    }

    private static void warnIfExpired(Identity identity, TlsFiles files, Clock clock) {
        if (ends(identity).isBefore(clock.instant())) {
            log.warn("The certificate in {} expired on {}", files.certificate(), ends(identity));
        }
    }

    private static Instant ends(Identity identity) {
        return identity.certificate().getNotAfter().toInstant();
    }
}
