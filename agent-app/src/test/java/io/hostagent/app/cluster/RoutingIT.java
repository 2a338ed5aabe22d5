// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.lab.CommandResult;
import io.hostagent.lab.DockerCli;
import io.hostagent.lab.DockerSwarm;
import io.hostagent.lab.LabSwarm;
import io.hostagent.lab.RunningCommand;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Requests find their node: by a header, by what they are about, by what they name. */
class RoutingIT {

    private static final String TARGET = "X-PortainerAgent-Target";
    private static final String MANAGER_OPERATION = "X-PortainerAgent-ManagerOperation";
    private static final String NO_SUCH_NODE =
            "{\"message\":\"The agent was unable to contact any other agent\","
                    + "\"details\":\"Unable to find the targeted agent\"}";
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private static ThreeAgents agents;

    @BeforeAll
    static void start(@LabSwarm(hosts = 3) DockerSwarm swarm) {
        agents =
                ThreeAgents.on(
                        swarm,
                        Map.of(
                                "AGENT_SECRET",
                                "a secret of three agents",
                                "CAP_HOST_MANAGEMENT",
                                "1"));
        agents.awaitEachOther();
    }

    @AfterAll
    static void stop() {
        agents.close();
    }

    @AfterEach
    void removeContainers() {
        for (int i = 0; i < 3; i++) {
            DockerCli cli = agents.host(i).cli();
            cli.run("ps", "-aq", "--filter", "label=routing")
                    .orThrow()
                    .out()
                    .lines()
                    .forEach(id -> cli.run("rm", "-f", "-v", id).orThrow());
        }
    }

    /** Starts a container on a node, past all agents, and gives its ID. */
    private static String container(int node, String name, String... command) {
        DockerCli cli = agents.host(node).cli();
        String[] start = {
            "run",
            "-d",
            "--label",
            "routing",
            "--name",
            name,
            "--entrypoint",
            command[0],
            "lab/workload:1"
        };
        String[] line = new String[start.length + command.length - 1];
        System.arraycopy(start, 0, line, 0, start.length);
        System.arraycopy(command, 1, line, start.length, command.length - 1);
        return cli.run(line).orThrow().out().strip();
    }

    private static String unique(String name) {
        return name + "-" + NUMBER.incrementAndGet();
    }

    /** A docker client that speaks to the agent of a node. */
    private static DockerCli docker(int index) {
        DockerCli cli = agents.host(index).cli().at(agents.agent(index).endpoint()).withTls();
        for (Map.Entry<String, String> header : agents.signature().entrySet()) {
            cli = cli.withHeader(header.getKey(), header.getValue());
        }
        return cli;
    }

    private static String nodeOf(HttpResponse<String> answer) {
        return answer.headers().firstValue("X-HostAgent-Node").orElse("");
    }

    /** The three are on one machine, so only the header tells which of them answered. */
    @Test
    void whatAHostIsAndHasIsToldByTheNodeThatIsNamed() {
        String[] calls = {
            "/v2/host/info", "/host/info", "/v2/host", "/v2/browse/ls?path=/host/etc"
        };
        for (String call : calls) {
            HttpResponse<String> there =
                    agents.get(1, call, "X-PortainerAgent-Target", agents.node(2));
            assertThat(there.statusCode()).as(call).isEqualTo(200);
            assertThat(nodeOf(there)).as(call).isEqualTo(agents.node(2));
            assertThat(nodeOf(agents.get(1, call))).as(call).isEmpty();
            assertThat(nodeOf(agents.get(1, call, "X-PortainerAgent-Target", agents.node(1))))
                    .as(call)
                    .isEmpty();
            assertThat(agents.get(1, call, "X-PortainerAgent-Target", "nobody").statusCode())
                    .as(call)
                    .isEqualTo(500);
        }
        assertThat(agents.agent(2).log())
                .as("the audit log of the node that answered")
                .containsPattern("outcome=read .*via agent.* path=/host/etc");
    }

    @Test
    void eachAgentListsAllWithTheirRoles() {
        for (int i = 0; i < 3; i++) {
            String list = agents.get(i, "/v2/agents").body();
            for (int node = 0; node < 3; node++) {
                assertThat(list)
                        .contains(
                                "{\"IPAddress\":\"127.0.0.1\",\"Port\":\""
                                        + agents.agent(node).port()
                                        + "\",\"NodeName\":\""
                                        + agents.node(node)
                                        + "\",\"NodeRole\":\""
                                        + (node == 0 ? "manager" : "worker")
                                        + "\",\"EdgeKeySet\":false}");
            }
            assertThat(list.split("NodeName", -1)).hasSize(4);
        }
    }

    @Test
    void theClusterIsDescribedWithMore() {
        HttpResponse<String> answer = agents.get(1, "/v2/cluster");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .contains(agents.nodes())
                .contains(
                        "\"clustered\":true",
                        "\"version\":\"",
                        "\"capabilities\":[\"host\",\"proxy\"]")
                .contains("\"health\":\"up\"", "\"lastSeen\":\"", "\"unreachable\":[]");
    }

    @Test
    void aTargetIsAnsweredByItsNode() {
        String name = unique("target");
        String id = container(2, name, "sleep", "60");
        HttpResponse<String> there =
                agents.get(0, "/containers/" + id + "/json", TARGET, agents.node(2));
        assertThat(there.statusCode()).isEqualTo(200);
        assertThat(there.body()).contains(id);
        assertThat(nodeOf(there)).isEqualTo(agents.node(2));
        assertThat(there.headers().allValues("Portainer-Agent")).hasSize(1);

        HttpResponse<String> versioned =
                agents.get(0, "/v1.41/containers/" + id + "/json", TARGET, agents.node(2));
        assertThat(versioned.statusCode()).isEqualTo(200);

        HttpResponse<String> elsewhere =
                agents.get(0, "/containers/" + id + "/json", TARGET, agents.node(1));
        assertThat(elsewhere.statusCode()).isEqualTo(404);
        assertThat(elsewhere.body()).contains("No such container");
    }

    @Test
    void anUnknownTargetIsAnErrorInTheOriginalsWords() {
        HttpResponse<String> answer = agents.get(1, "/version", TARGET, "nobody");
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).isEqualTo(NO_SUCH_NODE);
    }

    @Test
    void managersAnswerForTheSwarmWhateverTheTarget() {
        for (String path : List.of("/services", "/nodes", "/tasks", "/v1.41/secrets")) {
            HttpResponse<String> answer = agents.get(1, path, TARGET, agents.node(2));
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            assertThat(nodeOf(answer)).as(path).isEqualTo(agents.node(0));
        }
        assertThat(agents.get(2, "/info").body()).contains("\"Name\":\"" + agents.node(0) + "\"");
    }

    @Test
    void aManagersOperationIsAManagersWhateverThePath() {
        String name = unique("managed");
        String id = container(0, name, "sleep", "60");
        HttpResponse<String> list = agents.get(2, "/containers/json?all=1", MANAGER_OPERATION, "1");
        assertThat(nodeOf(list)).isEqualTo(agents.node(0));
        assertThat(list.body()).contains(id).doesNotContain("\"Portainer\"");
    }

    @Test
    void aTargetOnAListListsThatNodeAsItIs() {
        String here = container(1, unique("here"), "sleep", "60");
        String there = container(2, unique("there"), "sleep", "60");
        String own = agents.get(1, "/containers/json", TARGET, agents.node(1)).body();
        assertThat(own).contains(here).doesNotContain(there).doesNotContain("\"Portainer\"");
        String other = agents.get(1, "/containers/json", TARGET, agents.node(2)).body();
        assertThat(other).contains(there).doesNotContain(here).doesNotContain("\"Portainer\"");
    }

    /** The original would take the manager out of the Swarm. */
    @Test
    void aWorkerThatShallJoinIsNotTheManager() {
        HttpResponse<String> answer =
                agents.send(
                        1,
                        "POST",
                        "/swarm/join",
                        "{\"ListenAddr\":\"0.0.0.0:2377\",\"RemoteAddrs\":[\"10.0.0.1:2377\"],"
                                + "\"JoinToken\":\"SWMTKN-1-x\"}");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("already part of a swarm");
        assertThat(nodeOf(answer)).isEmpty();
    }

    @Test
    void whatNamesAContainerFindsItsNode() {
        String name = unique("somewhere");
        String id = container(2, name, "sh", "-c", "echo hello; sleep 60");
        for (String reference : List.of(name, id, id.substring(0, 12))) {
            HttpResponse<String> answer = agents.get(1, "/containers/" + reference + "/json");
            assertThat(answer.statusCode()).as(reference).isEqualTo(200);
            assertThat(answer.body()).contains(id);
            assertThat(nodeOf(answer)).isEqualTo(agents.node(2));
        }
        HttpResponse<String> none = agents.get(1, "/containers/nowhere/json");
        assertThat(none.statusCode()).isEqualTo(404);
        assertThat(none.body()).contains("No such container");
    }

    /** {@code docker stop ab} on one node must never stop what has an ID that begins with "ab". */
    @Test
    void aNameElsewhereGoesBeforeTheBeginningOfAnIdHere() {
        String decoy = container(0, unique("decoy"), "sleep", "60");
        String name = decoy.substring(0, 3);
        String meant = container(1, name, "sleep", "60");
        HttpResponse<String> answer = agents.get(0, "/containers/" + name + "/json");
        assertThat(answer.body()).contains(meant).doesNotContain(decoy);
        assertThat(agents.send(0, "POST", "/containers/" + name + "/kill", "").statusCode())
                .isEqualTo(204);
        assertThat(running(0, decoy)).isTrue();
        assertThat(running(1, meant)).isFalse();
    }

    private static boolean running(int node, String id) {
        CommandResult state =
                agents.host(node).cli().run("inspect", "-f", "{{.State.Running}}", id).orThrow();
        return state.out().strip().equals("true");
    }

    @Test
    void aNameThatMovedIsFoundAnew() {
        String name = unique("nomad");
        String first = container(1, name, "sleep", "60");
        assertThat(agents.get(0, "/containers/" + name + "/json").body()).contains(first);
        agents.host(1).cli().run("rm", "-f", name).orThrow();
        String second = container(2, name, "sleep", "60");
        assertThat(agents.get(0, "/containers/" + name + "/json").body()).contains(second);
    }

    @Test
    void anAmbiguousNameIsAConflictThatListsTheNodes() {
        String name = unique("twice");
        container(1, name, "sleep", "60");
        container(2, name, "sleep", "60");
        HttpResponse<String> answer =
                agents.send(0, "POST", "/containers/" + name + "/restart", "");
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.body())
                .contains("'" + name + "' is on more than one node")
                .contains(agents.node(1) + ", " + agents.node(2));
        // Where one is here, it is meant, as for any engine.
        HttpResponse<String> own = agents.get(1, "/containers/" + name + "/json");
        assertThat(own.statusCode()).isEqualTo(200);
        assertThat(nodeOf(own)).isEmpty();
    }

    @Test
    void volumesNetworksAndImagesAreFoundAsWell() {
        String name = unique("thing");
        DockerCli there = agents.host(2).cli();
        there.run("volume", "create", name).orThrow();
        there.run("network", "create", name).orThrow();
        there.run("tag", "lab/workload:1", "lab/" + name + ":1").orThrow();
        try {
            for (String path :
                    List.of(
                            "/volumes/" + name,
                            "/networks/" + name,
                            "/images/lab/" + name + ":1/json",
                            "/images/lab%2F" + name + ":1/history")) {
                HttpResponse<String> answer = agents.get(0, path);
                assertThat(answer.statusCode()).as(path).isEqualTo(200);
                assertThat(nodeOf(answer)).as(path).isEqualTo(agents.node(2));
            }
            assertThat(agents.get(0, "/images/lab/workload:1/json").statusCode()).isEqualTo(200);
        } finally {
            assertThat(agents.send(0, "DELETE", "/volumes/" + name, "").statusCode())
                    .isEqualTo(204);
            assertThat(agents.send(0, "DELETE", "/networks/" + name, "").statusCode())
                    .isEqualTo(204);
            assertThat(agents.send(0, "DELETE", "/images/lab/" + name + ":1", "").statusCode())
                    .isEqualTo(200);
        }
        assertThat(there.run("volume", "inspect", name).exitCode()).isNotZero();
    }

    @Test
    void aDockerClientNeedsNoHeaderForWhatIsElsewhere() {
        String name = unique("cli");
        container(2, name, "sh", "-c", "echo one; sleep 100");
        DockerCli docker = docker(0);
        assertThat(docker.run("logs", name).orThrow().out()).isEqualTo("one\n");
        assertThat(docker.run("exec", name, "echo", "from within").orThrow().out())
                .isEqualTo("from within\n");
        CommandResult piped =
                docker.run(
                        "typed".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        List.of("exec", "-i", name, "sh", "-c", "cat; exit 7"));
        assertThat(piped.out()).isEqualTo("typed");
        assertThat(piped.exitCode()).isEqualTo(7);
        assertThat(docker.run("inspect", "-f", "{{.Name}}", name).orThrow().out())
                .isEqualTo("/" + name + "\n");
        docker.run("stop", "-t", "1", name).orThrow();
        assertThat(
                        agents.host(2)
                                .cli()
                                .run("inspect", "-f", "{{.State.Running}}", name)
                                .orThrow()
                                .out())
                .isEqualTo("false\n");
    }

    @Test
    void aStreamThroughTwoAgentsIsNotDelayed() {
        String name = unique("ticker");
        container(2, name, "sh", "-c", "while :; do echo tick; sleep 0.3; done");
        try (RunningCommand logs = docker(1).start("logs", "-f", name)) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(5))
                    .until(() -> logs.out().lines().filter("tick"::equals).count() >= 5);
        }
    }

    @Test
    void whatWasPassedOnOnceIsNotPassedOnAgain() {
        HttpResponse<String> stray =
                agents.get(1, "/version", TARGET, agents.node(2), "X-HostAgent-Hop", "somebody");
        assertThat(stray.statusCode()).isEqualTo(421);
        HttpResponse<String> own =
                agents.get(1, "/nodes", TARGET, agents.node(1), "X-HostAgent-Hop", "somebody");
        assertThat(own.statusCode()).isEqualTo(503);
        assertThat(own.body()).contains("not a swarm manager");
    }

    /** Another node's volume of the same name must not go instead of the one here. */
    @Test
    void whatCannotBeAskedHereIsNotChangedElsewhere() {
        String name = unique("twin");
        agents.host(1).cli().run("volume", "create", name).orThrow();
        agents.host(2).cli().run("volume", "create", name).orThrow();
        agents.host(1).stopEngine();
        try {
            HttpResponse<String> answer = agents.send(1, "DELETE", "/volumes/" + name, "");
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(nodeOf(answer)).isEmpty();
            agents.host(2).cli().run("volume", "inspect", name).orThrow();
        } finally {
            agents.host(1).startEngine();
        }
        agents.host(1).cli().run("volume", "rm", name).orThrow();
        agents.host(2).cli().run("volume", "rm", name).orThrow();
    }

    /** It stands still for longer than a look-up waits, and for less than makes it absent. */
    @Test
    void aChangeWaitsUntilAllHaveSaidWhetherTheyHaveOneOfTheName() {
        String name = unique("slow");
        agents.host(1).cli().run("volume", "create", name).orThrow();
        agents.host(2).cli().run("volume", "create", name).orThrow();
        agents.get(0, "/v2/agents");
        agents.signal(2, "STOP");
        try {
            HttpResponse<String> answer = agents.send(0, "DELETE", "/volumes/" + name, "");
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).contains(agents.node(2), "Unable to tell which");
        } finally {
            agents.signal(2, "CONT");
        }
        agents.host(1).cli().run("volume", "inspect", name).orThrow();
        agents.awaitEachOther();
        assertThat(agents.send(0, "DELETE", "/volumes/" + name, "").statusCode()).isEqualTo(409);
        agents.host(1).cli().run("volume", "rm", name).orThrow();
        agents.host(2).cli().run("volume", "rm", name).orThrow();
    }

    /** A miss is not remembered: what was made later is found under its full ID, too. */
    @Test
    void whatWasNotFoundIsLookedForAgain() {
        String name = unique("later");
        String id = container(2, name, "sleep", "60");
        agents.signal(2, "STOP");
        try {
            HttpResponse<String> missed = agents.get(0, "/containers/" + id + "/json");
            assertThat(missed.statusCode()).isEqualTo(404);
            assertThat(missed.headers().firstValue("X-HostAgent-Unreachable"))
                    .hasValueSatisfying(nodes -> assertThat(nodes).contains(agents.node(2)));
        } finally {
            agents.signal(2, "CONT");
        }
        agents.awaitEachOther();
        assertThat(agents.get(0, "/containers/" + id + "/json").statusCode()).isEqualTo(200);
    }
}
