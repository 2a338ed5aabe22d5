// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.tls;

import io.netty.handler.ssl.ApplicationProtocolNames;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/**
 * The calling end of connections to agents. The name of the host is verified in no case: agents
 * change their addresses and are all alike.
 *
 * @param serverName what is asked for (SNI); empty for nothing
 * @param protocols versions of TLS
 */
record PeerClient(SSLContext context, String serverName, List<String> protocols)
        implements PeerTls.Client {

    @Override
    public Supplier<SSLEngine> to(String host, int port) {
        return () -> engine(host, port);
    }

    private SSLEngine engine(String host, int port) {
        SSLEngine engine = context.createSSLEngine(host, port);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(protocols.toArray(String[]::new));
        parameters.setApplicationProtocols(new String[] {ApplicationProtocolNames.HTTP_1_1});
        List<SNIServerName> names =
                serverName.isEmpty() ? List.of() : List.of(new SNIHostName(serverName));
        parameters.setServerNames(names);
        engine.setSSLParameters(parameters);
        return engine;
    }
}
