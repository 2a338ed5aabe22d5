// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.app.fixture.ConsoleClient;
import io.hostagent.app.fixture.ConsoleClient.Closed;
import io.hostagent.lab.DockerSwarm;
import io.hostagent.lab.LabSwarm;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Consoles of a container on one node, opened by the agent of another one. */
class SwarmConsoleIT {

    private static final Closed ENDED = new Closed(1000, "");
    private static final String FACE = "\ud83d\ude00";

    /** The agent that is asked, and the node with the container. */
    private static final int HERE = 1;

    private static final int THERE = 2;

    private static ThreeAgents agents;

    @SuppressWarnings("NullAway.Init") // set before each
    private String container;

    @BeforeAll
    static void start(@LabSwarm(hosts = 3) DockerSwarm swarm) {
        agents = ThreeAgents.on(swarm, Map.of("AGENT_SECRET", "a secret of consoles"));
        agents.awaitEachOther();
    }

    @AfterAll
    static void stop() {
        agents.close();
    }

    @BeforeEach
    void startContainer() {
        container = run("-d", "lab/workload:1", "sleep", "600");
    }

    @AfterEach
    void removeContainer() {
        agents.host(THERE).cli().run("rm", "-f", container).orThrow();
    }

    private static String run(String... options) {
        String[] line = new String[options.length + 1];
        line[0] = "run";
        System.arraycopy(options, 0, line, 1, options.length);
        return agents.host(THERE).cli().run(line).orThrow().out().strip();
    }

    /** Opens a console by the agent of another node. */
    private static ConsoleClient open(String path, Map<String, String> more) {
        Map<String, String> headers = new HashMap<>(agents.signature());
        headers.putAll(more);
        return ConsoleClient.open(
                URI.create("wss://127.0.0.1:" + agents.agent(HERE).port() + path), headers);
    }

    private ConsoleClient exec(boolean terminal, String... command) {
        return open("/websocket/exec?id=" + create(terminal, command), Map.of());
    }

    private String create(boolean terminal, String... command) {
        String words =
                Arrays.stream(command)
                        .map(word -> '"' + word.replace("\\", "\\\\") + '"')
                        .collect(Collectors.joining(","));
        HttpResponse<String> created =
                agents.send(
                        HERE,
                        "POST",
                        "/containers/" + container + "/exec",
                        "{\"AttachStdin\":true,\"AttachStdout\":true,\"AttachStderr\":true,\"Tty\":"
                                + terminal
                                + ",\"Cmd\":["
                                + words
                                + "]}");
        assertThat(created.statusCode()).isEqualTo(201);
        return created.body().replaceAll(".*\"Id\":\"([0-9a-f]{64})\".*", "$1").strip();
    }

    @Test
    void theNodeIsNamedByTheQueryByAHeaderOrNotAtAll() {
        String node = agents.node(THERE);
        Map<String, Map<String, String>> ways =
                Map.of(
                        "&nodeName=" + node,
                        Map.of(),
                        "&endpointId=1",
                        Map.of("X-PortainerAgent-Target", node),
                        "&endpointId=2",
                        Map.of());
        ways.forEach(
                (query, headers) -> {
                    String id = create(true, "sh");
                    try (ConsoleClient console =
                            open("/v2/websocket/exec?id=" + id + query, headers)) {
                        console.type("echo $((6*7))\n");
                        console.await(text -> text.contains("42\r\n"));
                        console.type("exit 3\n");
                        assertThat(console.awaitClosed()).as(query + headers).isEqualTo(ENDED);
                    }
                });
        assertThat(agents.agent(THERE).log())
                .as("the audit log of the node with the container")
                .containsPattern("outcome=changed .*target=/v2/websocket/exec.*status=101");
    }

    @Test
    void largePastesAndCharactersOfManyBytesStayWhole() {
        byte[] paste = new byte[1_000_000];
        for (int i = 0; i < paste.length; i++) {
            paste[i] = (byte) ('!' + i * 31 % 90);
        }
        try (ConsoleClient console = exec(false, "sh", "-c", "head -c 1000000 | sha256sum")) {
            console.type(new String(paste, UTF_8));
            console.awaitClosed();
            assertThat(console.text()).isEqualTo(ConsoleClient.sum(paste) + "  -\n");
        }
        try (ConsoleClient console = exec(true, "sh", "-c", "yes " + FACE + "a | head -n 50000")) {
            assertThat(console.awaitClosed()).isEqualTo(ENDED);
            assertThat(console.text().replace("\r", "")).isEqualTo((FACE + "a\n").repeat(50_000));
        }
    }

    @Test
    void bothStreamsOfAnAttachedContainerAreShownWithoutTheirFrames() {
        String id =
                run(
                        "-di",
                        "--rm",
                        "lab/workload:1",
                        "sh",
                        "-c",
                        "read l; echo out $l; echo err >&2; exit 3");
        try (ConsoleClient console = open("/websocket/attach?id=" + id, Map.of())) {
            console.type("x\n");
            assertThat(console.awaitClosed()).isEqualTo(ENDED);
            assertThat(console.text())
                    .contains("out x\n", "err\n")
                    .hasSize("out x\nerr\n".length());
        }
    }

    @Test
    void anEngineThatDiesThereClosesTheConsoleAndSaysSo() {
        try (ConsoleClient console = exec(true, "sh")) {
            console.type("echo $((6*7))\n");
            console.await(text -> text.contains("42\r\n"));
            agents.host(THERE).killEngine();
            try {
                assertThat(console.awaitClosed())
                        .isEqualTo(new Closed(1011, "The Docker engine went away"));
            } finally {
                agents.host(THERE).startEngine();
            }
        }
    }

    @Test
    void anAgentThatDiesThereClosesTheConsole() {
        try (ConsoleClient console = exec(true, "sh")) {
            console.type("echo $((6*7))\n");
            console.await(text -> text.contains("42\r\n"));
            agents.kill(THERE);
            try {
                assertThat(console.awaitClosed().status())
                        .as("nobody is left there who could say goodbye")
                        .isEqualTo(1006);
            } finally {
                agents.restart(THERE);
                agents.awaitEachOther();
            }
        }
    }
}
