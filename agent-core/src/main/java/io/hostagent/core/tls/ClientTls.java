// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.tls;

import io.hostagent.core.settings.AgentSettings.TlsFiles;
import io.hostagent.core.settings.SettingsException;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

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
            SSLContext context =
                    JdkContext.of(Identity.load(own), Identity.chain(folder.resolve("ca.pem")));
            return new ClientTls(context, withoutDot(host), port);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("This JDK cannot use the files in " + folder, e);
        }
    }

    /** The dot that ends a full name is for the look-up; certificates are without it. */
    private static String withoutDot(String host) {
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
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
