// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.tls;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostagent.core.concurrent.Blocking;
import io.hostagent.core.fixture.TrustAll;
import io.hostagent.core.settings.Secret;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import java.io.ByteArrayInputStream;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import reactor.core.Disposable;

/** Who gets through, one end of TLS against the other. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClusterTlsTests {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final List<String> TLS_1_3 = List.of("TLSv1.3");

    private final Blocking threads = new Blocking(2);
    private final ClusterTls one = tls("the secret", "node1");
    private final ClusterTls.Context two = ready(tls("the secret", "node2"));

    @AfterAll
    void close() {
        threads.close();
    }

    @Test
    void joinsAgentsOfOneSecret() throws Exception {
        EnginePair pair = new EnginePair(two.to("10.0.0.1", 9001).get(), server(one)).shakeHands();

        assertThat(one.agent(pair.server)).contains("node2");
        assertThat(pair.server.getSession().getProtocol()).isEqualTo("TLSv1.3");
        assertThat(pair.server.getApplicationProtocol()).isEqualTo("http/1.1");
        assertThat(((X509Certificate) pair.client.getSession().getPeerCertificates()[0]))
                .extracting(leaf -> leaf.getSubjectX500Principal().getName())
                .isEqualTo("CN=node1");
        assertThat(pair.sendToServer("GET /")).isEqualTo("GET /");
    }

    @Test
    void asksForTheAgentsTlsByName() {
        SSLEngine engine = two.to("10.0.0.1", 9001).get();

        assertThat(engine.getSSLParameters().getServerNames())
                .containsExactly(new SNIHostName(ClusterTls.SERVER_NAME));
        assertThat(new UnverifiedTls().to("agent.example", 9001).get().getSSLParameters())
                .satisfies(parameters -> assertThat(parameters.getServerNames()).isEmpty());
    }

    @Test
    void resumesSessionsAndStillKnowsTheAgent() throws Exception {
        SSLEngine first =
                new EnginePair(two.to("10.0.0.1", 9001).get(), server(one)).shakeHands().client;
        EnginePair again = new EnginePair(two.to("10.0.0.1", 9001).get(), server(one)).shakeHands();

        assertThat(again.client.getSession().getCreationTime())
                .isEqualTo(first.getSession().getCreationTime());
        assertThat(one.agent(again.server)).contains("node2");
        assertThat(again.sendToServer("GET /")).isEqualTo("GET /");
    }

    @Test
    void sendsNothingToAServerOfAnotherSecret() {
        ClusterTls stranger = tls("another secret", "node1");
        EnginePair pair = new EnginePair(two.to("10.0.0.2", 9001).get(), server(stranger));

        assertThat(pair.refusing()).isSameAs(pair.client);
        assertThat(pair.heardByServer()).isEmpty();
        assertThatThrownBy(() -> pair.server.getHandshakeSession().getPeerCertificates())
                .isInstanceOf(SSLPeerUnverifiedException.class);
        assertThat(stranger.agent(pair.server)).isEmpty();
    }

    @Test
    void sendsNothingToAServerThatVouchesForItself() throws Exception {
        KeyPair key = SelfMade.newKey();
        Identity self = selfMade(key, key.getPrivate());
        SSLContext context = JdkContext.of(self, self.chain());
        SSLEngine server = server(context, ClientAuth.NONE);
        EnginePair pair = new EnginePair(two.to("10.0.0.2", 9001).get(), server);

        assertThat(pair.refusing()).isSameAs(pair.client);
        assertThat(pair.heardByServer()).isEmpty();
    }

    /** It trusts every server, so that it is the server who has to refuse. */
    @Test
    void refusesAClientOfAnotherSecret() throws Exception {
        ClusterAuthority other = ClusterAuthority.of(new Secret("another secret"));
        ClusterAuthority right = ClusterAuthority.of(new Secret("the secret"));
        assertThat(other.certificate().getSubjectX500Principal())
                .isEqualTo(right.certificate().getSubjectX500Principal());
        SSLContext stranger = JdkContext.of(other.issue("node2"), List.of(right.certificate()));

        assertRefused(
                new PeerClient(stranger, ClusterTls.SERVER_NAME, TLS_1_3),
                "signature check failed");
    }

    @Test
    void refusesAClientWithoutACertificate() {
        assertRefused(
                new PeerClient(TrustAll.context(), ClusterTls.SERVER_NAME, TLS_1_3),
                "Empty client certificate chain");
    }

    /** An agent's own key must not make more agents. */
    @Test
    void refusesWhatALeafHasSigned() throws Exception {
        ClusterAuthority right = ClusterAuthority.of(new Secret("the secret"));
        Identity leaf = right.issue("Unified Host Agent");
        KeyPair key = SelfMade.newKey();
        X509Certificate issued = selfMade(key, leaf.key()).certificate();
        Identity chain = new Identity(key.getPrivate(), List.of(issued, leaf.certificate()));

        assertRefused(
                new PeerClient(
                        JdkContext.of(chain, List.of(right.certificate())),
                        ClusterTls.SERVER_NAME,
                        TLS_1_3),
                "keyCertSign");
    }

    @Test
    void refusesTls12() throws Exception {
        ClusterAuthority right = ClusterAuthority.of(new Secret("the secret"));
        PeerClient old =
                new PeerClient(
                        JdkContext.of(right.issue("node2"), List.of(right.certificate())),
                        ClusterTls.SERVER_NAME,
                        List.of("TLSv1.2"));

        assertRefused(old, "protocol versions [TLSv1.2] are not accepted");
    }

    private void assertRefused(PeerClient client, String why) {
        EnginePair pair = new EnginePair(client.to("10.0.0.1", 9001).get(), server(one));

        assertThat(pair.refusing()).isSameAs(pair.server);
        assertThat(pair.refusal()).contains(why);
        assertThat(one.agent(pair.server)).isEmpty();
        assertThat(pair.heardByServer()).isEmpty();
    }

    /** As if the TLS for clients began to ask them for certificates, of another authority. */
    @Test
    void takesNobodyForAnAgentWhoCameByOtherTls() throws Exception {
        KeyPair key = SelfMade.newKey();
        Identity self = selfMade(key, key.getPrivate());
        SSLContext context = JdkContext.of(self, self.chain());
        EnginePair pair =
                new EnginePair(
                                new PeerClient(context, "", TLS_1_3).to("10.0.0.1", 9001).get(),
                                server(context, ClientAuth.REQUIRE))
                        .shakeHands();

        assertThat(pair.sendToServer("GET /")).isEqualTo("GET /");
        assertThat(pair.server.getSession().getPeerCertificates())
                .containsExactly(self.certificate());
        assertThat(one.agent(pair.server)).isEmpty();
    }

    @Test
    void derivesNothingBeforeItIsAskedAndThenOnce() {
        ClusterTls tls = tls("the secret", "node3");
        assertThat(tls.ready()).isNotNull();
        assertThat(tls.begun()).isFalse();

        // Whoever asks first and leaves does not stop it.
        Disposable gone = tls.ready().subscribe();
        gone.dispose();
        assertThat(tls.begun()).isTrue();
        ClusterTls.Context context = ready(tls);

        assertThat(ready(tls)).isSameAs(context);
    }

    @Test
    void derivesOnAVirtualThread() {
        assertThat(
                        tls("the secret", "node3")
                                .ready()
                                .map(context -> Thread.currentThread().isVirtual())
                                .block(LIMIT))
                .isTrue();
    }

    @Test
    void callsAnAgentUnknownWhoseNameCouldConfuseALog() throws Exception {
        ClusterTls.Context odd = ready(tls("the secret", "node 2\nCN=x"));
        EnginePair pair = new EnginePair(odd.to("10.0.0.1", 9001).get(), server(one)).shakeHands();

        assertThat(one.agent(pair.server)).contains("unknown");
    }

    private ClusterTls tls(String secret, String name) {
        return new ClusterTls(new Secret(secret), name, threads);
    }

    private static ClusterTls.Context ready(ClusterTls tls) {
        return requireNonNull(tls.ready().block(LIMIT));
    }

    private static SSLEngine server(ClusterTls tls) {
        return ready(tls).server().newEngine(ByteBufAllocator.DEFAULT);
    }

    private static SSLEngine server(SSLContext context, ClientAuth clients) {
        return ServerTls.netty(
                        context, clients, List.of(ApplicationProtocolNames.HTTP_1_1), "TLSv1.3")
                .newEngine(ByteBufAllocator.DEFAULT);
    }

    private static Identity selfMade(KeyPair key, PrivateKey signer) throws Exception {
        byte[] certificate = SelfMade.certificate(key.getPublic(), signer, Instant.now());
        return new Identity(
                key.getPrivate(),
                List.of(
                        (X509Certificate)
                                CertificateFactory.getInstance("X.509")
                                        .generateCertificate(
                                                new ByteArrayInputStream(certificate))));
    }
}
