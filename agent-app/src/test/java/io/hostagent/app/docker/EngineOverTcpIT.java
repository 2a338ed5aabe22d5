// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.app.fixture.RunningAgent;
import io.hostagent.app.fixture.TcpForwarder;
import io.hostagent.lab.DockerCli;
import io.hostagent.lab.DockerHost;
import io.hostagent.lab.Lab;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** An engine elsewhere: over TCP, with TLS as Docker's manual sets it up, and without. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EngineOverTcpIT {

    /** The certificate of the engine is for these two, and not for 127.0.0.1. */
    private static final String NAMES = "DNS:localhost,IP:127.0.0.2";

    private static final String TCP_KEEPALIVE_TIMER = "02:";

    @SuppressWarnings("NullAway.Init") // set before all
    private Path folder;

    @SuppressWarnings("NullAway.Init") // set before all
    private Lab lab;

    @SuppressWarnings("NullAway.Init") // set before all
    private DockerHost host;

    @SuppressWarnings("NullAway.Init") // set before all
    private Path client;

    @SuppressWarnings("NullAway.Init") // set before all
    private TcpForwarder byName;

    @SuppressWarnings("NullAway.Init") // set before all
    private TcpForwarder byAddress;

    @BeforeAll
    void startEngine(@TempDir Path scratch) throws Exception {
        folder = scratch;
        Certificates authority = Certificates.in(folder.resolve("authority"));
        Path server = authority.issue("server", "serverAuth", NAMES);
        client = authority.issue("client", "clientAuth", "DNS:agent");
        lab = Lab.open();
        host =
                lab.start(
                        "tcp",
                        "26",
                        "--bind",
                        server + ":/certs",
                        "--engine-arg",
                        "--host=tcp://0.0.0.0:2376",
                        "--engine-arg",
                        "--tlsverify",
                        "--engine-arg",
                        "--tlscacert=/certs/ca.pem",
                        "--engine-arg",
                        "--tlscert=/certs/cert.pem",
                        "--engine-arg",
                        "--tlskey=/certs/key.pem");
        lab.loadWorkloadImage(host);
        InetSocketAddress engine = new InetSocketAddress(host.address(), 2376);
        byName = TcpForwarder.listen("127.0.0.1", engine);
        byAddress = TcpForwarder.listen("127.0.0.2", engine);
    }

    @AfterAll
    void remove() throws IOException {
        lab.remove(host);
        byName.close();
        byAddress.close();
    }

    @Test
    void isReachedOverTlsByItsName() throws Exception {
        try (RunningAgent agent = agent("tcp://localhost:" + byName.port(), client)) {
            worksThrough(agent);
            assertThat(timers(byName.port())).isNotEmpty().allMatch(TCP_KEEPALIVE_TIMER::equals);
        }
    }

    @Test
    void isReachedOverTlsByItsAddress() {
        try (RunningAgent agent = agent("tcp://127.0.0.2:" + byAddress.port(), client)) {
            worksThrough(agent);
        }
    }

    @Test
    void isReachedWithoutTls() throws Exception {
        try (TcpForwarder plain =
                        TcpForwarder.listen(
                                "127.0.0.1", UnixDomainSocketAddress.of(host.socket()));
                RunningAgent agent =
                        RunningAgent.start(
                                Map.of("DOCKER_HOST", "tcp://localhost:" + plain.port()))) {
            worksThrough(agent);
        }
    }

    @Test
    void isNotBelievedUnderAnotherName() {
        try (RunningAgent agent = agent("tcp://127.0.0.1:" + byName.port(), client)) {
            assertUnreachable(agent, "No subject alternative names matching IP address 127.0.0.1");
        }
    }

    @Test
    void isNotBelievedWithACertificateOfAnotherAuthority() throws Exception {
        Path stranger =
                Certificates.in(folder.resolve("other")).issue("client", "clientAuth", "DNS:agent");
        try (RunningAgent agent = agent("tcp://localhost:" + byName.port(), stranger)) {
            assertUnreachable(agent, "PKIX path");
        }
    }

    /** In TLS 1.3 the engine looks at the agent's certificate after the agent is through. */
    @Test
    void saysSoWhenTheEngineDoesNotBelieveTheAgent() throws Exception {
        Path stranger =
                Certificates.in(folder.resolve("unknown"))
                        .issue("client", "clientAuth", "DNS:agent");
        Files.delete(stranger.resolve("ca.pem"));
        Files.copy(client.resolve("ca.pem"), stranger.resolve("ca.pem"));
        try (RunningAgent agent = agent("tcp://localhost:" + byName.port(), stranger)) {
            HttpResponse<String> answer = agent.get("/version");
            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(answer.body())
                    .contains("The engine at tcp://localhost")
                    .containsPattern("bad_certificate|unknown_ca|certificate_unknown");
        }
    }

    @Test
    void saysSoWhenTheEngineSpeaksNoTls() throws Exception {
        try (TcpForwarder plain =
                        TcpForwarder.listen(
                                "127.0.0.1", UnixDomainSocketAddress.of(host.socket()));
                RunningAgent agent = agent("tcp://localhost:" + plain.port(), client)) {
            assertUnreachable(agent, "it does not speak TLS");
        }
    }

    @Test
    void saysSoWhenThereIsNoSuchName() {
        try (RunningAgent agent =
                RunningAgent.start(Map.of("DOCKER_HOST", "tcp://no-such-host.invalid:2375"))) {
            HttpResponse<String> answer = agent.get("/version");
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).contains("no-such-host.invalid");
        }
    }

    private static RunningAgent agent(String engine, Path certificates) {
        return RunningAgent.start(
                Map.of(
                        "DOCKER_HOST",
                        engine,
                        "DOCKER_TLS_VERIFY",
                        "1",
                        "DOCKER_CERT_PATH",
                        certificates.toString()));
    }

    /** An answer, a list, and a stream of which the client ends its direction. */
    private void worksThrough(RunningAgent agent) {
        assertThat(agent.get("/version").body()).contains("\"Version\":\"26.");
        assertThat(agent.get("/images/json").body()).contains("lab/workload:1");
        DockerCli cli = host.cli().at(agent.endpoint()).withTls();
        for (Map.Entry<String, String> header : agent.key().headers().entrySet()) {
            cli = cli.withHeader(header.getKey(), header.getValue());
        }
        String name = cli.run("run", "-d", "lab/workload:1", "sleep", "1d").orThrow().out().strip();
        try {
            assertThat(
                            cli.run(
                                            "typed\n".getBytes(UTF_8),
                                            List.of(
                                                    "exec",
                                                    "-i",
                                                    name,
                                                    "sh",
                                                    "-c",
                                                    "cat; echo end"))
                                    .orThrow()
                                    .out())
                    .isEqualTo("typed\nend\n");
        } finally {
            cli.run("rm", "-f", name).orThrow();
        }
        assertThat(agent.get("/v2/capabilities").body())
                .containsPattern("\"name\":\"proxy\"[^}]*\"state\":\"on\"");
    }

    private static void assertUnreachable(RunningAgent agent, String why) {
        HttpResponse<String> answer = agent.get("/version");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("Unable to reach the Docker engine", why);
        assertThat(agent.log()).doesNotContain("\tat ");
    }

    /** The timers of connections to a port, as the kernel tells them. */
    private static List<String> timers(int port) throws IOException {
        String remote = ":%04X".formatted(port).toUpperCase(Locale.ROOT);
        // Netty's sockets are IPv6, whatever the address.
        return Files.readAllLines(Path.of("/proc/net/tcp6")).stream()
                .map(line -> line.strip().split("\\s+"))
                .filter(fields -> fields[2].endsWith(remote) && fields[3].equals("01"))
                .map(fields -> fields[5].substring(0, 3))
                .toList();
    }
}
