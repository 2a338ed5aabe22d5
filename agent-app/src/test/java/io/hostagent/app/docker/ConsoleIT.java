// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.app.fixture.ConsoleClient;
import io.hostagent.app.fixture.ConsoleClient.Closed;
import io.hostagent.app.fixture.RunningAgent;
import io.hostagent.app.fixture.Wire;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Consoles over WebSockets: numbers 27 and 28 of the list, and what the original gets wrong. */
class ConsoleIT extends OnBothEngines {

    private static final Closed ENDED = new Closed(1000, "");
    private static final String FACE = "\ud83d\ude00";

    @SuppressWarnings("NullAway.Init") // set before each
    private RunningAgent agent;

    @BeforeEach
    void startContainer() {
        agent = ways().agent();
        ways().direct(engine())
                .run("run", "-d", "--name", "box", WORKLOAD, "sleep", "600")
                .orThrow();
    }

    @Test
    @DisplayName("27: a terminal echoes, answers, and ends with 1000")
    void aTerminalWorks() {
        try (ConsoleClient console = exec(true, "sh")) {
            console.type("export A=5\n");
            console.type("alias x=y\n");
            console.type("echo $((6*7))\n");
            assertThat(console.await(text -> text.contains("42\r\n"))).contains("echo $((6*7))");
            console.type("tty\n");
            console.await(text -> text.contains("/dev/pts/"));
            console.type("exit 3\n");
            assertThat(console.awaitClosed()).isEqualTo(ENDED);
        }
    }

    @Test
    void whatIsPrintedAtOnceIsShownBeforeTheEnd() {
        try (ConsoleClient console = exec(true, "echo", "early")) {
            assertThat(console.awaitClosed()).isEqualTo(ENDED);
            assertThat(console.text()).isEqualTo("early\r\n");
        }
        try (ConsoleClient console = exec(false, "sh", "-c", "yes 12345678 | head -n 500000")) {
            assertThat(console.awaitClosed()).isEqualTo(ENDED);
            assertThat(console.text()).isEqualTo("12345678\n".repeat(500_000));
        }
    }

    @Test
    void aProgramThatIsNotThereSaysSo() {
        try (ConsoleClient console = exec(true, "/none")) {
            assertThat(console.awaitClosed()).isEqualTo(ENDED);
            assertThat(console.text()).contains("/none");
        }
    }

    @Test
    void bothStreamsOfAProcessWithoutATerminalAreShownWithoutTheirFrames() {
        String program = "echo out; echo err >&2; read l; echo got $l";
        try (ConsoleClient console = exec(false, "sh", "-c", program)) {
            console.await(text -> text.contains("out\n") && text.contains("err\n"));
            console.type("x\n");
            assertThat(console.awaitClosed()).isEqualTo(ENDED);
            assertThat(console.text()).endsWith("got x\n").hasSize("out\nerr\ngot x\n".length());
        }
    }

    @Test
    @DisplayName("28: attach shows what containers with and without a terminal print")
    void attachWorks() {
        String program = "while read l && [ $l != end ]; do echo got $l; done; echo bye";
        for (String terminal : new String[] {"-i", "-it"}) {
            String id =
                    ways().direct(engine())
                            .run("run", "-d", terminal, WORKLOAD, "sh", "-c", program)
                            .orThrow()
                            .out()
                            .strip();
            try (ConsoleClient console =
                    ConsoleClient.open(agent, "/v2/websocket/attach?endpointId=1&id=" + id)) {
                console.type("x\n");
                console.await(text -> text.contains("got x"));
                console.type("end\n");
                assertThat(console.awaitClosed()).isEqualTo(ENDED);
                assertThat(console.text())
                        .endsWith(terminal.equals("-i") ? "bye\n" : "bye\r\n")
                        .doesNotContain("\u0000", "\u0001");
            }
        }
    }

    @Test
    @DisplayName("27: a megabyte pasted in one message arrives whole, in text and binary frames")
    void largePastesArriveWhole() {
        byte[] paste = new byte[1_000_000];
        for (int i = 0; i < paste.length; i++) {
            paste[i] = (byte) ('!' + i * 31 % 90);
        }
        String program = "echo ready; head -c 1000000 | sha256sum";
        try (ConsoleClient console = exec(false, "sh", "-c", program)) {
            console.type(new String(paste, UTF_8));
            console.awaitClosed();
            assertThat(console.text()).isEqualTo("ready\n" + ConsoleClient.sum(paste) + "  -\n");
        }
        try (ConsoleClient console = exec(true, "sh", "-c", "stty raw -echo; " + program)) {
            console.await(text -> text.contains("ready"));
            console.type(paste);
            console.await(text -> text.contains(ConsoleClient.sum(paste)));
        }
    }

    /**
     * The process sleeps while much is pasted: it has to wait, and neither is lost nor piles up.
     */
    @Test
    void aPasteWaitsForAProcessThatIsBusy() {
        byte[] paste = "0123456789abcdef".repeat(500_000).getBytes(UTF_8);
        String program = "sleep 2; head -c " + paste.length + " | sha256sum";
        try (ConsoleClient console = exec(false, "sh", "-c", program)) {
            long before = agent.residentBytes();
            int pieces = 80;
            int size = paste.length / pieces;
            for (int i = 0; i < pieces; i++) {
                console.type(Arrays.copyOfRange(paste, i * size, (i + 1) * size));
            }
            console.awaitClosed();
            assertThat(console.text()).isEqualTo(ConsoleClient.sum(paste) + "  -\n");
            assertThat(agent.residentBytes() - before).isLessThan(64L << 20);
        }
    }

    @Test
    @DisplayName("27: characters of many bytes arrive whole, both ways")
    void charactersStayWhole() {
        String halves = "printf '\\360\\237'; sleep 0.3; printf '\\230\\200'; sleep 0.3; echo";
        for (boolean terminal : new boolean[] {true, false}) {
            try (ConsoleClient console = exec(terminal, "sh", "-c", halves)) {
                assertThat(console.awaitClosed()).isEqualTo(ENDED);
                assertThat(console.text().strip()).isEqualTo(FACE);
            }
            try (ConsoleClient console =
                    exec(terminal, "sh", "-c", "yes " + FACE + "a" + " | head -n 50000")) {
                console.awaitClosed();
                assertThat(console.text().replace("\r", ""))
                        .isEqualTo((FACE + "a\n").repeat(50_000));
            }
        }
        String umlauts = "\u00e9".repeat(3_000);
        try (ConsoleClient console = exec(false, "sh", "-c", "head -c 6000 | sha256sum")) {
            console.type(umlauts);
            console.awaitClosed();
            assertThat(console.text()).startsWith(ConsoleClient.sum(umlauts.getBytes(UTF_8)));
        }
    }

    @Test
    void whatCannotBeOpenedIsRefusedWithTheReason() {
        Map<String, String> signed = agent.key().headers();
        String unknown = "0123456789abcdef".repeat(4);
        assertThat(refused("/websocket/exec?id=" + unknown, signed)).isEqualTo(404);
        assertThat(refused("/websocket/attach?id=" + unknown, signed)).isEqualTo(404);
        assertThat(refused("/websocket/exec?id=zz", signed)).isEqualTo(400);
        assertThat(refused("/websocket/exec", signed)).isEqualTo(400);
        assertThat(refused("/websocket/pod?id=12", signed)).isEqualTo(404);
        assertThat(refused("/websocket/exec?id=" + unknown, Map.of())).isEqualTo(403);
        HttpResponse<String> plain = agent.get("/websocket/exec?id=" + unknown);
        assertThat(plain.statusCode()).isEqualTo(400);
        assertThat(plain.body()).contains("A console needs a WebSocket");
        String stopped =
                ways().direct(engine()).run("run", "-d", WORKLOAD, "true").orThrow().out().strip();
        ways().direct(engine()).run("wait", stopped).orThrow();
        assertThat(refused("/websocket/attach?id=" + stopped, signed)).isEqualTo(409);
    }

    @Test
    void anExecStartsOnce() {
        String id = create(false, "true");
        try (ConsoleClient console = ConsoleClient.open(agent, "/websocket/exec?id=" + id)) {
            assertThat(console.awaitClosed()).isEqualTo(ENDED);
        }
        try (ConsoleClient console = ConsoleClient.open(agent, "/websocket/exec?id=" + id)) {
            assertThat(console.awaitClosed()).isEqualTo(ENDED);
            assertThat(console.text()).contains("has already run");
        }
    }

    @Test
    void aClientThatDoesNotReadMakesTheProcessWait() throws Exception {
        String id = create(false, "sh", "-c", "yes 0123456789abcdef | head -c 300000000");
        int sockets = Sockets.of(agent);
        try (Wire wire = Wire.tls(agent)) {
            wire.request("GET /websocket/exec?id=" + id, handshake());
            assertThat(wire.head()).contains("101");
            long before = agent.residentBytes();
            Awaitility.await()
                    .during(Duration.ofSeconds(2))
                    .until(() -> agent.residentBytes() - before < 48 << 20);
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(3))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> Sockets.of(agent) <= sockets + 1);
    }

    @Test
    void aConsoleIsAuditedOnceAsAChange() {
        String id = create(true, "true");
        long before = audited();
        try (ConsoleClient console = ConsoleClient.open(agent, "/websocket/exec?id=" + id)) {
            console.awaitClosed();
        }
        Awaitility.await().until(() -> audited() == before + 1);
        Awaitility.await().during(Duration.ofMillis(500)).until(() -> audited() == before + 1);
    }

    @Test
    void headersOfAPortainerServerAreTaken() throws Exception {
        Map<String, String> headers = handshake();
        headers.put("X-PortainerAgent-Target", "");
        headers.put("X-PortainerAgent-SA-Token", "");
        headers.put("X-Forwarded-For", "192.0.2.1");
        headers.put("Cookie", "a=b");
        String id = create(true, "true");
        try (Wire wire = Wire.tls(agent)) {
            wire.request("GET /v1.41/websocket/exec?endpointId=1&nodeName=&id=" + id, headers);
            assertThat(wire.head())
                    .startsWith("HTTP/1.1 101 Switching Protocols")
                    .containsIgnoringCase("sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
                    .contains("Portainer-Agent:")
                    .doesNotContainIgnoringCase("transfer-encoding");
        }
    }

    @Test
    void aClientThatGoesAwayTakesTheEnginesSideAlong() throws Exception {
        List<ConsoleClient> consoles = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            consoles.add(exec(i % 2 == 0, "cat"));
        }
        int open = Sockets.of(agent);
        for (int i = 0; i < 6; i++) {
            if (i < 3) {
                consoles.get(i).leave();
            } else {
                consoles.get(i).vanish();
            }
        }
        assertThat(consoles.getFirst().awaitClosed().status()).isEqualTo(1000);
        Awaitility.await()
                .atMost(Duration.ofSeconds(3))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> Sockets.of(agent) <= open - 2 * consoles.size());
    }

    @Test
    void anEngineThatDiesClosesItsConsolesAndSaysSo() {
        try (ConsoleClient exec = exec(true, "sh");
                ConsoleClient plain = exec(false, "cat")) {
            exec.type("echo $((6*7))\n");
            exec.await(text -> text.contains("42\r\n"));
            plain.type("x\n");
            plain.await(text -> text.contains("x\n"));
            host().killEngine();
            try {
                assertThat(exec.awaitClosed())
                        .isEqualTo(new Closed(1011, "The Docker engine went away"));
                assertThat(plain.awaitClosed().status()).isEqualTo(1011);
                assertThat(refused("/websocket/exec?id=12", agent.key().headers())).isEqualTo(503);
            } finally {
                host().startEngine();
            }
        }
    }

    private Map<String, String> handshake() {
        Map<String, String> headers = new HashMap<>(agent.key().headers());
        headers.put("Connection", "Upgrade");
        headers.put("Upgrade", "websocket");
        headers.put("Sec-WebSocket-Version", "13");
        headers.put("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        return headers;
    }

    private ConsoleClient exec(boolean terminal, String... command) {
        return ConsoleClient.open(
                agent, "/websocket/exec?endpointId=1&id=" + create(terminal, command));
    }

    private String create(boolean terminal, String... command) {
        String words =
                Arrays.stream(command)
                        .map(word -> '"' + word.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
                        .collect(Collectors.joining(","));
        HttpRequest.Builder request =
                HttpRequest.newBuilder(agent.uri("/containers/box/exec"))
                        .header("Content-Type", "application/json")
                        .POST(
                                BodyPublishers.ofString(
                                        "{\"AttachStdin\":true,\"AttachStdout\":true,"
                                                + "\"AttachStderr\":true,\"Tty\":"
                                                + terminal
                                                + ",\"Cmd\":["
                                                + words
                                                + "]}"));
        agent.key().headers().forEach(request::header);
        HttpResponse<String> created = agent.send(request.build());
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        return created.body().replaceAll(".*\"Id\":\"([0-9a-f]+)\".*\\s*", "$1");
    }

    private int refused(String path, Map<String, String> headers) {
        return ConsoleClient.refused(agent, path, headers);
    }

    private long audited() {
        return agent.log().lines().filter(line -> line.contains("target=/websocket/exec")).count();
    }
}
