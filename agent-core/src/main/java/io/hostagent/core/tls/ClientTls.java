// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.tls;

import io.hostagent.core.settings.AgentSettings.TlsFiles;
import io.hostagent.core.settings.SettingsException;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * The TLS with which an engine is reached, as the docker client does it: the engine has to show a
 * certificate of one authority for the name that it was called by, and the agent shows its own.
 */
public final class ClientTls implements Supplier<SSLEngine> {

    private final SSLContext context;
    private final String host;
    private final int port;

    private ClientTls(SSLContext context, String host, int port) {
        this.context = context;
        this.host = host;
        this.port = port;
    }

    /**
     * Prepares TLS to a host.
     *
     * @param folder with {@code ca.pem}, {@code cert.pem} and {@code key.pem}
     * @throws SettingsException naming the file that cannot be used
     */
    public static ClientTls to(String host, int port, Path folder) {
        TlsFiles own = new TlsFiles(folder.resolve("cert.pem"), folder.resolve("key.pem"));
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    keys(Identity.load(own)),
                    trust(Identity.chain(folder.resolve("ca.pem"))),
                    null);
            return new ClientTls(context, withoutDot(host), port);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("This JDK cannot use the files in " + folder, e);
        }
    }

    /** The dot that ends a full name is for the look-up; certificates are without it. */
    private static String withoutDot(String host) {
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    private static KeyManager[] keys(Identity own) throws GeneralSecurityException, IOException {
        KeyStore store = emptyStore();
        char[] unprotected = new char[0];
        store.setKeyEntry(
                "own", own.key(), unprotected, own.chain().toArray(X509Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(store, unprotected);
        return factory.getKeyManagers();
    }

    private static TrustManager[] trust(List<X509Certificate> authorities)
            throws GeneralSecurityException, IOException {
        KeyStore store = emptyStore();
        for (int i = 0; i < authorities.size(); i++) {
            store.setCertificateEntry("authority " + i, authorities.get(i));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    /** The agent's end of a new connection. */
    @Override
    public SSLEngine get() {
        SSLEngine engine = context.createSSLEngine(host, port);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        if (isName()) {
            // Of itself the JDK names only hosts with a dot in their name.
            parameters.setServerNames(List.of(new SNIHostName(host)));
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    private boolean isName() {
        return !NetUtil.isValidIpV4Address(host) && !NetUtil.isValidIpV6Address(host);
    }
}
