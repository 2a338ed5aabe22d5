// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hostagent.app.fixture.RawTls;
import io.hostagent.app.fixture.RunningAgent;
import io.hostagent.app.fixture.TestKey;
import io.hostagent.app.fixture.Wire;
import io.hostagent.core.fixture.ScriptedConnection;
import io.hostagent.core.fixture.ScriptedServer;
import io.hostagent.core.fixture.TrustAll;
import io.hostagent.core.tls.ClusterTls;
import io.hostagent.core.tls.PeerContexts;
import io.hostagent.core.trust.Scope;
import io.hostagent.core.trust.TokenStore;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom the packaged agent takes for another agent, and what it lets them do. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClusterTrustIT {

    private static final String SECRET = "a secret of all agents";
    private static final String CREATE = "POST /volumes/create HTTP/1.1\r\nHost: x\r\n";
    private static final String LIST = "GET /volumes HTTP/1.1\r\nHost: x\r\n";

    private static final String UNHEARD = "X-Unheard: of";
    private static final AtomicInteger ADDRESSES = new AtomicInteger();

    private final ScriptedServer engine = engine();
    private final SSLContext node2 = PeerContexts.agent(SECRET, "node2");

    private final RunningAgent agent = start(Map.of());

    /** The audit log has a few lines for each address, so each test comes from its own. */
    private String from = "";

    @BeforeEach
    void comeFromElsewhere() {
        from = "127.0.3." + ADDRESSES.incrementAndGet();
    }

    private static ScriptedServer engine() {
        ScriptedServer engine = ScriptedServer.open();
        engine.follow(ClusterTrustIT::serve);
        return engine;
    }

    /** A stream answers when its client has said everything. */
    private static void serve(ScriptedConnection connection) throws IOException {
        for (String head = connection.readHead(); !head.isEmpty(); head = connection.readHead()) {
            if (head.contains("/attach")) {
                connection.write(
                        "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n");
                connection.write("printed: " + connection.readUntil("\u0000"));
                return;
            }
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        }
    }

    private RunningAgent start(Map<String, String> more) {
        Map<String, String> variables = new HashMap<>(more);
        variables.put("DOCKER_HOST", "unix://" + engine.socket());
        variables.put("AGENT_SECRET", SECRET);
        variables.put("LOG_LEVEL", "DEBUG");
        return RunningAgent.start(variables);
    }

    @AfterEach
    void keepsTheSecretToItself() {
        assertThat(agent.isAlive()).isTrue();
        assertThat(agent.log()).doesNotContain(SECRET);
    }

    @AfterAll
    void stop() {
        agent.close();
        engine.close();
    }

    @Test
    void anAgentMayDoEverything() throws Exception {
        try (RawTls peer = asAgent(node2)) {
            peer.send(CREATE + "Content-Length: 0\r\n\r\n");
            assertThat(peer.readResponse()).isEqualTo("200 ok");
            // The connection is what is trusted, for as long as it lasts.
            peer.send(LIST + "\r\n");
            assertThat(peer.readResponse()).isEqualTo("200 ok");
        }
        assertAudited("outcome=changed caller=agent:node2 ", "/volumes/create", "status=200");
    }

    @Test
    void anAgentMayDoForSomebodyWhatTheyMay() throws Exception {
        try (RawTls peer = asAgent(node2)) {
            String reader = "X-HostAgent-Caller: read token:reader\r\n";
            peer.send(LIST + reader + "\r\n");
            assertThat(peer.readResponse()).isEqualTo("200 ok");
            peer.send(CREATE + reader + "Content-Length: 0\r\n\r\n");
            assertThat(peer.readResponse()).startsWith("403 ");
            peer.send(LIST + "X-HostAgent-Caller: metrics token:prometheus\r\n\r\n");
            assertThat(peer.readResponse()).startsWith("403 ");
            peer.send(
                    CREATE + "X-HostAgent-Caller: admin token:writer\r\nContent-Length: 0\r\n\r\n");
            assertThat(peer.readResponse()).isEqualTo("200 ok");
        }
        assertAudited("outcome=denied caller=\"token:reader via agent:node2\" ", "status=403");
        assertAudited("outcome=changed caller=\"token:writer via agent:node2\" ", "status=200");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-HostAgent-Caller:\r\n",
                "X-HostAgent-Caller: admin\r\n",
                "X-HostAgent-Caller: root token:ci\r\n",
                "X-HostAgent-Caller: read token:ci\r\nX-HostAgent-Caller: admin token:ci\r\n"
            })
    void anAgentThatCannotSayForWhomItAsksIsRefused(String header) throws Exception {
        try (RawTls peer = asAgent(node2)) {
            peer.send(LIST + header + "\r\n");
            assertThat(peer.readResponse())
                    .startsWith("400 ")
                    .contains("Invalid X-HostAgent-Caller header");
        }
    }

    @Test
    void aClientIsNotBelievedForWhomItAsks() throws Exception {
        String claim = "X-HostAgent-Caller: admin key:0123456789abcdef\r\n";
        String token =
                new String(
                        new TokenStore(agent.data(), Clock.systemUTC())
                                .create(Scope.READ, "reader", null)
                                .text()
                                .bytes(),
                        UTF_8);
        for (String name : new String[] {"", "portainer.example"}) {
            try (RawTls client =
                    RawTls.connect(agent.port(), from, TrustAll.context(), name, "TLSv1.3")) {
                client.send(LIST + claim + "\r\n");
                assertThat(client.readResponse())
                        .startsWith("403 ")
                        .contains("Missing request signature headers");
                client.send(
                        CREATE
                                + claim
                                + "Authorization: Bearer "
                                + token
                                + "\r\nContent-Length: 0\r\n\r\n");
                assertThat(client.readResponse()).startsWith("403 ").contains("scope 'read'");
            }
        }
    }

    /** An agent of this secret, on the way of clients, is one of them. */
    @Test
    void anAgentThatCallsAsAClientIsOne() throws Exception {
        try (RawTls client =
                RawTls.connect(
                        agent.port(), from, PeerContexts.agent(SECRET, "node2"), "x", "TLSv1.3")) {
            // It does not even trust the certificate for clients.
            assertThatThrownBy(() -> client.send(LIST + "\r\n")).isInstanceOf(SSLException.class);
        }
    }

    @Test
    void clientsComeInAsTheyDidBefore() throws Exception {
        Map<String, String> signed = TestKey.create().headers(SECRET);
        for (String version : new String[] {"TLSv1.2", "TLSv1.3"}) {
            for (String name : new String[] {"", "portainer.example"}) {
                try (RawTls client =
                        RawTls.connect(agent.port(), from, TrustAll.context(), name, version)) {
                    client.send(CREATE + RawTls.lines(signed) + "Content-Length: 0\r\n\r\n");
                    assertThat(client.readResponse()).isEqualTo("200 ok");
                    client.send(LIST + "\r\n");
                    assertThat(client.readResponse()).startsWith("403 ");
                }
            }
        }
        try (RawTls client = RawTls.connect(agent.port(), "127.0.0.1", "h2")) {
            client.send(
                    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\u0000\u0000\u0000\u0004\u0000\u0000\u0000\u0000\u0000");
            assertThat(client.readFrame(4)).isNotEmpty();
        }
        try (RawTls client = RawTls.plain(agent.port())) {
            client.send("GET /ping HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(client.readToEnd()).contains("This port speaks HTTPS");
        }
    }

    @Test
    void nobodyComesInWithAnotherSecret() {
        assertNotLetIn(PeerContexts.impostor("another secret", SECRET, "node2"));
    }

    @Test
    void nobodyComesInWithoutACertificate() {
        assertNotLetIn(TrustAll.context());
    }

    @Test
    void nobodyComesInByOldTls() {
        assertNotLetIn(node2, "TLSv1.2");
    }

    private void assertNotLetIn(SSLContext context, String... versions) {
        assertThatThrownBy(
                        () -> {
                            try (RawTls stranger =
                                    RawTls.connect(
                                            agent.port(),
                                            from,
                                            context,
                                            ClusterTls.SERVER_NAME,
                                            versions.length == 0
                                                    ? new String[] {"TLSv1.3"}
                                                    : versions)) {
                                stranger.send(LIST + UNHEARD + "\r\n\r\n");
                                stranger.readResponse();
                            }
                        })
                .isInstanceOf(IOException.class);
        assertAudited("outcome=refused remote=" + from + " reason=", "AGENT_SECRET");
        assertThat(engine.heads()).noneMatch(head -> head.contains(UNHEARD));
    }

    /** It asks its clients for nothing, so that it is the agent who has to object. */
    @Test
    void aStrangerWhoPosesAsAnAgentHearsNothing() throws Exception {
        SSLContext stranger = PeerContexts.agent("another secret", "node2");
        try (SSLServerSocket server =
                        (SSLServerSocket)
                                stranger.getServerSocketFactory()
                                        .createServerSocket(
                                                0, 1, InetAddress.getLoopbackAddress());
                RunningAgent member =
                        start(Map.of("AGENT_CLUSTER_ADDR", "127.0.0.1:" + server.getLocalPort()))) {
            server.setSoTimeout(20_000);
            Map<String, String> signed = TestKey.create().headers(SECRET);
            CompletableFuture<String> list =
                    CompletableFuture.supplyAsync(() -> member.get("/v2/cluster", signed).body());
            try (SSLSocket called = (SSLSocket) server.accept()) {
                called.setSoTimeout(20_000);
                assertThatThrownBy(() -> called.getInputStream().read())
                        .isInstanceOf(SSLException.class)
                        .hasMessageContaining("Received fatal alert: bad_certificate");
            }
            assertThat(list.get(20, TimeUnit.SECONDS))
                    .contains("127.0.0.1:" + server.getLocalPort())
                    .contains("\"unreachable\":[{");
        }
    }

    /** The limits of the port hold for agents, too: one of them may be broken. */
    @Test
    void anAgentsRequestHasToBeOneToo() throws Exception {
        try (RawTls peer = asAgent(node2)) {
            peer.send(CREATE + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
            assertThat(peer.readResponse()).startsWith("400 ");
            assertThat(peer.readToEnd()).isEmpty();
        }
        try (RawTls peer = asAgent(node2)) {
            peer.send("GET /volumes HT");
            assertThat(peer.readToEnd()).isEmpty();
        }
    }

    /** What is typed ends before what is printed. */
    @Test
    void aStreamOfAnAgentEndsOneWayAtATime() throws Exception {
        try (Wire peer = Wire.tls(agent, node2, ClusterTls.SERVER_NAME)) {
            peer.request(
                    "POST /containers/x/attach?stream=1",
                    Map.of("Connection", "Upgrade", "Upgrade", "tcp", "Content-Length", "0"));
            assertThat(peer.head()).startsWith("HTTP/1.1 101 ");
            peer.send("typed");
            peer.endOutput();
            assertThat(peer.rest()).isEqualTo("printed: typed");
        }
    }

    @Test
    void anAgentThatOnlyReadsDoesSoForAgentsToo() throws Exception {
        try (RunningAgent reader = start(Map.of("AGENT_READ_ONLY", "1"));
                RawTls peer =
                        RawTls.connect(
                                reader.port(), from, node2, ClusterTls.SERVER_NAME, "TLSv1.3")) {
            peer.send(LIST + "\r\n");
            assertThat(peer.readResponse()).isEqualTo("200 ok");
            peer.send(CREATE + "Content-Length: 0\r\n\r\n");
            assertThat(peer.readResponse()).startsWith("403 ").contains("read-only");
        }
    }

    @Test
    void theKeysAreDerivedForTheFirstAgentAndNotBefore() throws Exception {
        try (RunningAgent fresh = start(Map.of())) {
            fresh.get("/volumes", TestKey.create().headers(SECRET));
            assertThat(derivations(fresh)).isZero();

            for (int i = 0; i < 2; i++) {
                try (RawTls peer =
                        RawTls.connect(
                                fresh.port(), from, node2, ClusterTls.SERVER_NAME, "TLSv1.3")) {
                    peer.send(LIST + "\r\n");
                    assertThat(peer.readResponse()).isEqualTo("200 ok");
                }
            }
            assertThat(derivations(fresh)).isOne();
        }
    }

    @Test
    void theKeysOfAnAgentThatHasOthersAreThereSoon() {
        try (RunningAgent member = start(Map.of("AGENT_CLUSTER_ADDR", "127.0.0.1:1"))) {
            await().atMost(Duration.ofSeconds(20)).until(() -> derivations(member) == 1);
        }
    }

    private static long derivations(RunningAgent agent) {
        return agent.log().lines().filter(line -> line.contains("Derived the keys")).count();
    }

    /** Without a secret there is no such channel: its name is one like others. */
    @Test
    void withoutASecretEverybodyIsAClient() throws Exception {
        try (RunningAgent open =
                        RunningAgent.start(Map.of("DOCKER_HOST", "unix://" + engine.socket()));
                RawTls client =
                        RawTls.connect(
                                open.port(),
                                from,
                                TrustAll.context(),
                                ClusterTls.SERVER_NAME,
                                "TLSv1.3")) {
            client.send(LIST + "X-HostAgent-Caller: admin agent:node2\r\n\r\n");
            assertThat(client.readResponse()).startsWith("403 ");
        }
    }

    private RawTls asAgent(SSLContext context) throws IOException {
        return RawTls.connect(agent.port(), from, context, ClusterTls.SERVER_NAME, "TLSv1.3");
    }

    private void assertAudited(String... parts) {
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(
                        () ->
                                assertThat(
                                                agent.log()
                                                        .lines()
                                                        .filter(line -> line.contains("outcome=")))
                                        .anySatisfy(line -> assertThat(line).contains(parts)));
    }
}
