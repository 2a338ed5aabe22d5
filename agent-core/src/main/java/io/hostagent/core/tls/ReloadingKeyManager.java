// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.tls;

import com.github.benmanes.caffeine.cache.Ticker;
import io.hostagent.core.settings.AgentSettings.TlsFiles;
import io.hostagent.core.settings.SettingsException;
import io.hostagent.core.trust.FileStamp;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows the certificate that its files hold now. A handshake that finds the last look older than a
 * second looks at the files' stamps; when they differ, a virtual thread reads the files, and
 * handshakes show the old pair until it is done, or for good if the new one is broken. Nothing runs
 * while nobody connects.
 */
final class ReloadingKeyManager extends X509ExtendedKeyManager {

    private static final Logger log = LoggerFactory.getLogger(ReloadingKeyManager.class);
    private static final long INTERVAL = Duration.ofSeconds(1).toNanos();

    private record Stamps(FileStamp certificate, FileStamp key) {
        static Stamps of(TlsFiles files) {
            return new Stamps(FileStamp.of(files.certificate()), FileStamp.of(files.key()));
        }
    }

    /**
     * What a reload brought. A handshake asks for an alias, then for the key and the chain of that
     * alias: the one before is kept for a handshake that is between these questions.
     */
    private record Loaded(String alias, Identity identity, @Nullable Loaded before) {

        Loaded next(Identity identity) {
            int number = Integer.parseInt(alias) + 1;
            return new Loaded(
                    Integer.toString(number), identity, new Loaded(alias, this.identity, null));
        }
    }

    private final TlsFiles files;
    private final Ticker ticker;
    private final AtomicLong lookedAt;
    private final AtomicBoolean reading = new AtomicBoolean();
    private volatile Stamps seen;
    private volatile Loaded loaded;

    ReloadingKeyManager(TlsFiles files, Ticker ticker) {
        this.files = files;
        this.ticker = ticker;
        this.lookedAt = new AtomicLong(ticker.read());
        this.seen = Stamps.of(files);
        this.loaded = new Loaded("1", Identity.load(files), null);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        look();
        Loaded now = loaded;
        return keyType.equals(now.identity().certificate().getPublicKey().getAlgorithm())
                ? now.alias()
                : null;
    }

    @Override
    public @Nullable String chooseServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return chooseEngineServerAlias(keyType, issuers, null);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        Identity identity = identity(alias);
        return identity == null ? null : identity.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        Identity identity = identity(alias);
        return identity == null ? null : identity.key();
    }

    @Override
    public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return Stream.ofNullable(chooseEngineServerAlias(keyType, issuers, null))
                .toArray(String[]::new);
    }

    /** The listener is never a client. */
    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }

    private @Nullable Identity identity(String alias) {
        for (Loaded candidate = loaded; candidate != null; candidate = candidate.before()) {
            if (candidate.alias().equals(alias)) {
                return candidate.identity();
            }
        }
        return null;
    }

    private void look() {
        long now = ticker.read();
        long last = lookedAt.get();
        if (now - last < INTERVAL || !lookedAt.compareAndSet(last, now)) {
            return;
        }
        Stamps stamps = Stamps.of(files);
        if (!stamps.equals(seen) && reading.compareAndSet(false, true)) {
            Thread.ofVirtual().name("certificate-reload").start(() -> reload(stamps));
        }
    }

    private void reload(Stamps stamps) {
        try {
            loaded = loaded.next(Identity.load(files));
            log.info("New connections show the new certificate in {}", files.certificate());
        } catch (SettingsException e) {
            log.error(
                    "The changed certificate cannot be used, the one before stays: {}",
                    e.getMessage());
        } finally {
            // Also after a failure: it is reported once, and read again when the files change.
            seen = stamps;
            reading.set(false);
        }
    }
}
