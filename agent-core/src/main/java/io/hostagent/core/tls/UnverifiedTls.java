// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.tls;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import reactor.core.publisher.Mono;

/**
 * How agents without a shared secret reach one another: any certificate will do. There is nothing
 * by which one of them could know another, and the original agent does the same. So whoever answers
 * at an agent's address sees what is sent there, the client's signature included, which it can
 * repeat; {@code AGENT_SECRET} prevents that.
 */
public final class UnverifiedTls implements PeerTls, PeerTls.Client {

    /** Made by the first who calls another agent. */
    private static final class Lazy {
        private static final PeerClient CLIENT =
                new PeerClient(context(), "", List.of("TLSv1.3", "TLSv1.2"));
    }

    @Override
    public boolean mutual() {
        return false;
    }

    @Override
    public Mono<UnverifiedTls> ready() {
        return Mono.just(this);
    }

    @Override
    public Supplier<SSLEngine> to(String host, int port) {
        return Lazy.CLIENT.to(host, port);
    }

    private static SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new AnyCertificate()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JDK offers no TLS", e);
        }
    }

    /** Objects to nothing. */
    private static final class AnyCertificate extends X509ExtendedTrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
