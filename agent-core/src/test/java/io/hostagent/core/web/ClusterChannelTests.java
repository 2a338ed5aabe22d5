// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.web;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.hostagent.core.concurrent.Blocking;
import io.hostagent.core.fixture.TrustAll;
import io.hostagent.core.meter.AgentMeters;
import io.hostagent.core.relay.Upstream;
import io.hostagent.core.relay.UpstreamAddress;
import io.hostagent.core.relay.UpstreamCall;
import io.hostagent.core.settings.Secret;
import io.hostagent.core.tls.ClusterTls;
import io.hostagent.core.tls.PeerTls;
import io.hostagent.core.tls.ServerTls;
import io.hostagent.core.tls.UnverifiedTls;
import io.hostagent.core.trust.AuditLog;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** Agents and everybody else on one port: who is taken for what. */
class ClusterChannelTests {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir Path data;

    private final Blocking threads = new Blocking(4);
    private final EventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final ListAppender<ILoggingEvent> audited = new ListAppender<>();

    private final List<WeakReference<Channel>> accepted = new CopyOnWriteArrayList<>();

    @SuppressWarnings("NullAway.Init") // before each test
    private DisposableServer server;

    @BeforeEach
    void serve() {
        audited.start();
        ((Logger) LoggerFactory.getLogger("audit")).addAppender(audited);
        AgentServer port =
                new AgentServer(
                        ServerTls.context(data, Optional.empty()),
                        new ClusterTls(new Secret("the secret"), "node1", threads),
                        new AuditLog(),
                        100,
                        AgentMeters.NONE);
        server =
                port.apply(HttpServer.create().host("127.0.0.1").port(0))
                        .doOnChannelInit(
                                (observer, channel, remote) ->
                                        accepted.add(new WeakReference<>(channel)))
                        .handle(
                                (request, response) ->
                                        response.header("Content-Length", "6")
                                                .sendString(Mono.just(whoIs((Connection) request))))
                        .bindNow();
    }

    private static String whoIs(Connection connection) {
        String agent = AgentPeer.of(connection.channel());
        return (agent == null ? "client" : agent + " ").substring(0, 6);
    }

    @AfterEach
    void stop() throws Exception {
        ((Logger) LoggerFactory.getLogger("audit")).detachAppender(audited);
        server.disposeNow();
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).await(10, TimeUnit.SECONDS);
        threads.close();
    }

    /** Both sides derive their keys while the call waits. */
    @Test
    void knowsAnAgentOfTheSameSecret() throws Exception {
        Upstream agent = reach(ready(cluster("the secret")));

        assertThat(get(agent)).isEqualTo("node2 ");
        assertThat(get(agent)).isEqualTo("node2 ");
    }

    @Test
    void takesManyAgentsAtOnceWhoAllHaveToWaitForTheKeys() throws Exception {
        PeerTls.Client client = ready(cluster("the secret"));
        List<CompletableFuture<String>> calls = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Upstream agent = reach(client);
            calls.add(CompletableFuture.supplyAsync(() -> getUnchecked(agent)));
        }
        for (CompletableFuture<String> call : calls) {
            assertThat(call.get(30, TimeUnit.SECONDS)).isEqualTo("node2 ");
        }
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-, TLSv1.3, h2",
                "-, TLSv1.2, http/1.1",
                "portainer.example, TLSv1.3, http/1.1",
                "portainer.example, TLSv1.2, h2",
                "x.agents.host-agent.internal, TLSv1.3, h2",
                "agents.host-agent.interna, TLSv1.2, -"
            })
    void servesEverybodyElseAsBefore(String name, String version, String protocol)
            throws Exception {
        try (SSLSocket socket = socket(name, version, protocol)) {
            socket.startHandshake();
            assertThat(socket.getApplicationProtocol()).isEqualTo(protocol == null ? "" : protocol);
            if (!"h2".equals(protocol)) {
                assertThat(ask(socket)).endsWith("client");
            }
        }
    }

    @Test
    void takesAnAgentWithoutASecretForAClient() throws Exception {
        assertThat(get(reach(ready(new UnverifiedTls())))).isEqualTo("client");
    }

    @Test
    void letsNobodyInWhoShowsNoCertificate() throws Exception {
        try (SSLSocket socket = socket(ClusterTls.SERVER_NAME, "TLSv1.3", "http/1.1")) {
            // In TLS 1.3 the refusal comes after the client's part of the handshake, and its
            // request
            // may meet the alert or the connection that is closed behind it.
            assertThatThrownBy(() -> ask(socket))
                    .isInstanceOfAny(SSLException.class, SocketException.class);
        }
        assertRecorded();
    }

    @Test
    void letsNobodyInByTls12() throws Exception {
        try (SSLSocket socket = socket(ClusterTls.SERVER_NAME, "TLSv1.2", "http/1.1")) {
            assertThatThrownBy(socket::startHandshake)
                    .isInstanceOf(SSLException.class)
                    .hasMessageContaining("protocol_version");
        }
        assertRecorded();
    }

    @Test
    void isRefusedByAnAgentOfAnotherSecret() {
        Upstream agent = reach(ready(cluster("another secret")));

        assertThatThrownBy(() -> get(agent))
                .rootCause()
                .hasMessageContaining("Signature does not match");
        assertRecorded();
    }

    /** A stranger can open and close thousands in the time that a handshake may take. */
    @Test
    void keepsNothingOfAConnectionThatIsGone() throws Exception {
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            Awaitility.await().atMost(LIMIT).until(() -> !accepted.isEmpty());
            assertThat(client.isConnected()).isTrue();
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(5))
                .until(
                        () -> {
                            System.gc();
                            return accepted.getFirst().refersTo(null);
                        });
    }

    private void assertRecorded() {
        Awaitility.await()
                .atMost(LIMIT)
                .untilAsserted(
                        () ->
                                assertThat(audited.list)
                                        .singleElement()
                                        .extracting(ILoggingEvent::getFormattedMessage)
                                        .asString()
                                        .startsWith("outcome=refused remote=127.0.0.1 reason=")
                                        .contains("AGENT_SECRET"));
    }

    private ClusterTls cluster(String secret) {
        return new ClusterTls(new Secret(secret), "node2", threads);
    }

    private static PeerTls.Client ready(PeerTls tls) {
        return requireNonNull(tls.ready().block(LIMIT));
    }

    private Upstream reach(PeerTls.Client client) {
        return new Upstream(
                "the agent",
                new UpstreamAddress.Tcp(
                        "127.0.0.1",
                        server.port(),
                        client.to("127.0.0.1", server.port()),
                        threads::run),
                LIMIT,
                10);
    }

    private String get(Upstream agent) throws IOException {
        try (UpstreamCall call =
                UpstreamCall.send(
                        agent,
                        loops.next(),
                        HttpMethod.GET,
                        "/",
                        new DefaultHttpHeaders(),
                        new byte[0])) {
            return new String(call.body().readAllBytes(), UTF_8);
        }
    }

    private String getUnchecked(Upstream agent) {
        try {
            return get(agent);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private SSLSocket socket(@Nullable String name, String version, @Nullable String protocol)
            throws IOException {
        SSLSocket socket =
                (SSLSocket)
                        TrustAll.context()
                                .getSocketFactory()
                                .createSocket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(Math.toIntExact(LIMIT.toMillis()));
        SSLParameters parameters = socket.getSSLParameters();
        List<SNIServerName> names = name == null ? List.of() : List.of(new SNIHostName(name));
        parameters.setServerNames(names);
        parameters.setProtocols(new String[] {version});
        parameters.setApplicationProtocols(
                protocol == null ? new String[0] : new String[] {protocol});
        socket.setSSLParameters(parameters);
        return socket;
    }

    private static String ask(SSLSocket socket) throws IOException {
        socket.getOutputStream()
                .write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes(US_ASCII));
        return new String(socket.getInputStream().readAllBytes(), US_ASCII);
    }
}
