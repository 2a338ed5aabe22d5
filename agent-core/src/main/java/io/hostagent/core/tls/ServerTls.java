// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.tls;

import com.github.benmanes.caffeine.cache.Ticker;
import io.hostagent.core.settings.AgentSettings.TlsFiles;
import io.hostagent.core.settings.SettingsException;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * The TLS of the agent's listener: 1.2 and 1.3, suites with forward secrecy only, HTTP/2 for those
 * who offer it and HTTP/1.1 for all others.
 *
 * <p>It is the JDK's TLS, not OpenSSL's: in the JDK's, either side of a TLS 1.3 connection may end
 * its own direction and still hear the other. Docker's attached streams rely on that: the end of
 * what is typed must not end what is printed.
 */
public final class ServerTls {

    private ServerTls() {}

    /**
     * Prepares TLS with the operator's certificate or the agent's own.
     *
     * @throws SettingsException naming the file that cannot be used
     */
    public static SslContext context(Path dataPath, Optional<TlsFiles> own) {
        return context(ServerCertificate.provide(dataPath, own), Ticker.systemTicker());
    }

    static SslContext context(TlsFiles files, Ticker ticker) {
        return netty(
                jdkContext(new ReloadingKeyManager(files, ticker)),
                ClientAuth.NONE,
                List.of(ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1),
                "TLSv1.3",
                "TLSv1.2");
    }

    /**
     * Puts Netty around a context of the JDK. Netty's builder would make the same, but on the way
     * it tries out PEM keys and loads all of Bouncy Castle for it: a third of a second at each
     * start.
     */
    static SslContext netty(
            SSLContext context, ClientAuth clients, List<String> speaks, String... versions) {
        return new JdkSslContext(
                context,
                false,
                Http2SecurityUtil.CIPHERS,
                SupportedCipherSuiteFilter.INSTANCE,
                new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        speaks),
                clients,
                versions,
                false);
    }

    private static SSLContext jdkContext(KeyManager keys) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            // Clients show no certificate: there is none to trust.
            context.init(new KeyManager[] {keys}, new TrustManager[0], null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JDK offers no TLS", e);
        }
    }
}
