// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.app.fixture.RunningAgent;
import io.hostagent.app.fixture.UnixServer;
import io.hostagent.app.fixture.Wire;
import io.hostagent.lab.CommandResult;
import io.hostagent.lab.RunningCommand;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams begin at once, end with either side, and never look whole when they are not. */
class DockerStreamsIT extends OnBothEngines {

    private static final Duration AT_ONCE = Duration.ofSeconds(2);
    private static final String TICKING = "while :; do echo tick; sleep 0.3; done";
    private static final String LOGS = "GET /containers/ticks/logs?stdout=1&follow=1";

    @BeforeEach
    void startTicking() {
        ways().direct(engine())
                .run("run", "-d", "--name", "ticks", WORKLOAD, "sh", "-c", TICKING)
                .orThrow();
    }

    @AfterEach
    void stopTicking() {
        ways().direct(engine()).run("rm", "-f", "ticks");
    }

    @Test
    void theFirstByteOfAFollowedLogArrivesAtOnce() throws Exception {
        long start = System.nanoTime();
        try (Wire wire = open(LOGS)) {
            assertThat(wire.head()).startsWith("HTTP/1.1 200");
            wire.readUntil("tick\n");
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isLessThan(Duration.ofSeconds(1));
        }
    }

    @Test
    void aClientThatGoesAwayTakesTheEnginesSideAlong() throws Exception {
        List<Wire> wires = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            wires.add(open(LOGS));
            wires.add(open("GET /events"));
        }
        assertThatClosing(wires, 1, () -> Sockets.ofEngine(host()));
    }

    /**
     * Both engines keep their end of an attached stream open when its client goes away, on their
     * own socket too; so here it is the agent's two connections for each that have to go.
     */
    @Test
    void aClientThatLeavesAnAttachedStreamTakesTheAgentsConnectionsAlong() throws Exception {
        List<Wire> wires = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            wires.add(open("POST /containers/ticks/attach?stream=1&stdout=1", upgrade("tcp")));
        }
        assertThatClosing(wires, 2, () -> Sockets.of(ways().agent()));
    }

    private static void assertThatClosing(List<Wire> wires, int each, Callable<Integer> sockets)
            throws Exception {
        for (Wire wire : wires) {
            wire.head();
        }
        int open = sockets.call();
        for (Wire wire : wires) {
            wire.close();
        }
        Awaitility.await()
                .atMost(AT_ONCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> sockets.call() <= open - each * wires.size());
    }

    @Test
    void anEngineThatDiesEndsStreamsWithAnError() throws Exception {
        try (Wire logs = open(LOGS);
                Wire events = open("GET /events");
                Wire attached =
                        open("POST /containers/ticks/attach?stream=1&stdout=1", upgrade("tcp"));
                RunningCommand direct = ways().direct(engine()).start("logs", "-f", "ticks");
                RunningCommand relayed = ways().relayed(engine()).start("logs", "-f", "ticks")) {
            assertThat(logs.head()).contains("200").containsIgnoringCase("chunked");
            assertThat(events.head()).contains("200").containsIgnoringCase("chunked");
            assertThat(attached.head()).contains("101");
            attached.readUntil("tick\n");
            direct.awaitOut(out -> out.contains("tick"), AT_ONCE);
            relayed.awaitOut(out -> out.contains("tick"), AT_ONCE);
            CompletableFuture<String> logsEnd = CompletableFuture.supplyAsync(() -> rest(logs));
            CompletableFuture<String> eventsEnd = CompletableFuture.supplyAsync(() -> rest(events));
            CompletableFuture<String> attachEnd =
                    CompletableFuture.supplyAsync(() -> rest(attached));
            host().killEngine();
            try {
                assertThat(logsEnd.get(2, TimeUnit.SECONDS)).doesNotContain("\r\n0\r\n");
                assertThat(eventsEnd.get(2, TimeUnit.SECONDS)).doesNotContain("0\r\n\r\n");
                attachEnd.get(2, TimeUnit.SECONDS);
                CommandResult expected = direct.await(AT_ONCE);
                CommandResult result = relayed.await(AT_ONCE);
                assertThat(result.exitCode()).isEqualTo(expected.exitCode());
                assertThat(result.err()).isEqualTo(expected.err());
            } finally {
                host().startEngine();
            }
        }
    }

    @Test
    void aHijackedAttachPassesHalfClosesFromTheClient() throws Exception {
        Session direct = new Session(ways().direct(engine()));
        // Attached to its input from the start, so that it ends with ours.
        direct.run(
                        "create",
                        "-i",
                        "-a",
                        "stdin",
                        "-a",
                        "stdout",
                        "--name",
                        "half",
                        WORKLOAD,
                        "sh",
                        "-c",
                        "cat; echo after")
                .orThrow();
        try (Wire wire =
                open(
                        "POST /containers/half/attach?stream=1&stdin=1&stdout=1&stderr=1",
                        upgrade("tcp"))) {
            assertThat(wire.head())
                    .startsWith("HTTP/1.1 101")
                    .containsIgnoringCase("Upgrade: tcp")
                    .containsIgnoringCase("Connection: Upgrade");
            direct.run("start", "half").orThrow();
            wire.send("before\n");
            wire.readUntil("before\n");
            wire.endOutput();
            assertThat(wire.rest()).endsWith("after\n");
        } finally {
            direct.run("rm", "-f", "half");
        }
    }

    /** No engine ends its own half first and goes on reading: one of the test's own does. */
    @Test
    void aHijackedStreamPassesHalfClosesFromTheEngine(@TempDir Path folder) throws Exception {
        Path socket = folder.resolve("docker.sock");
        CompletableFuture<String> received = new CompletableFuture<>();
        try (UnixServer engine =
                        UnixServer.listen(
                                socket,
                                client -> {
                                    if (!client.head().startsWith("POST /exec/")) {
                                        return;
                                    }
                                    client.send("HTTP/1.1 101 UPGRADED\r\nUpgrade: tcp\r\n");
                                    client.send("Connection: Upgrade\r\n\r\nlast words");
                                    client.endOutput();
                                    received.complete(client.rest());
                                });
                RunningAgent agent = RunningAgent.start(Map.of("DOCKER_HOST", "unix://" + socket));
                Wire wire = Wire.tls(agent)) {
            Map<String, String> headers = new HashMap<>(upgrade("tcp"));
            headers.putAll(agent.key().headers());
            wire.request("POST /exec/x/start", headers);
            assertThat(wire.head()).contains("101");
            assertThat(wire.rest()).isEqualTo("last words");
            wire.send("still here");
            wire.endOutput();
            assertThat(received.get(5, TimeUnit.SECONDS)).isEqualTo("still here");
            assertThat(engine).isNotNull();
        }
    }

    @Test
    void aSessionIsSwitchedToHttp2() throws Exception {
        Map<String, String> headers = new HashMap<>(upgrade("h2c"));
        headers.put("X-Docker-Expose-Session-Uuid", "parity");
        headers.put("X-Docker-Expose-Session-Name", "parity");
        try (Wire wire = open("POST /session", headers)) {
            assertThat(wire.head()).startsWith("HTTP/1.1 101").containsIgnoringCase("Upgrade: h2c");
            // The engine is the client of that connection, and speaks first.
            assertThat(wire.readUntil("SM\r\n\r\n")).isEqualTo("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        }
    }

    private Wire open(String request) throws IOException {
        return open(request, Map.of());
    }

    private Wire open(String request, Map<String, String> headers) throws IOException {
        Wire wire = Wire.tls(ways().agent());
        Map<String, String> all = new HashMap<>(headers);
        all.putAll(ways().agent().key().headers());
        if (request.startsWith("POST")) {
            all.put("Content-Length", "0");
        }
        wire.request(request, all);
        return wire;
    }

    private static Map<String, String> upgrade(String protocol) {
        return Map.of("Connection", "Upgrade", "Upgrade", protocol);
    }

    private static String rest(Wire wire) {
        StringBuilder text = new StringBuilder();
        try {
            for (int next = wire.in().read(); next >= 0; next = wire.in().read()) {
                text.append((char) next);
            }
        } catch (IOException e) {
            // A cut connection is what the test is about; what came before it counts.
        }
        return text.toString();
    }
}
