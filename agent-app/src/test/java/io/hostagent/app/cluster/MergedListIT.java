// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.lab.DockerSwarm;
import io.hostagent.lab.LabSwarm;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The lists of all nodes as one, from real engines. */
class MergedListIT {

    private static final String LABEL = "merged";
    private static final String MINE =
            "/containers/json?all=1&filters="
                    + URLEncoder.encode("{\"label\":[\"" + LABEL + "\"]}", StandardCharsets.UTF_8);
    private static final String UNREACHABLE = "X-HostAgent-Unreachable";

    private static ThreeAgents agents;

    @BeforeAll
    static void start(@LabSwarm(hosts = 3) DockerSwarm swarm) {
        agents = ThreeAgents.on(swarm, Map.of("AGENT_SECRET", "a secret of three agents"));
        agents.awaitEachOther();
        for (int i = 0; i < 3; i++) {
            for (int n = 0; n < 2; n++) {
                agents.host(i)
                        .cli()
                        .run(
                                "create",
                                "--label",
                                LABEL,
                                "--name",
                                "merged-" + n,
                                "lab/workload:1",
                                "true")
                        .orThrow();
            }
            agents.host(i).cli().run("volume", "create", "merged-" + i).orThrow();
        }
    }

    @AfterAll
    static void stop() {
        for (int i = 0; i < 3; i++) {
            agents.host(i).cli().run("rm", "merged-0", "merged-1").orThrow();
            agents.host(i).cli().run("volume", "rm", "merged-" + i).orThrow();
        }
        agents.close();
    }

    /** Whatever the test before this one did to a node. */
    @BeforeEach
    void awaitAllNodes() {
        for (int i = 0; i < 3; i++) {
            int index = i;
            Awaitility.await()
                    .atMost(Duration.ofSeconds(15))
                    .untilAsserted(
                            () -> assertThat(nodes(json(agents.get(index, MINE)))).hasSize(6));
        }
    }

    private static JsonNode json(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JsonMapper.shared().readTree(answer.body());
    }

    private static List<String> nodes(JsonNode list) {
        List<String> nodes = new ArrayList<>();
        list.forEach(item -> nodes.add(item.at("/Portainer/Agent/NodeName").asString()));
        return nodes;
    }

    private static Optional<String> unreachable(HttpResponse<String> answer) {
        return answer.headers().firstValue(UNREACHABLE);
    }

    @Test
    void anyAgentListsAllContainersInTheSameOrder() {
        List<String> names = agents.nodes().stream().sorted().toList();
        for (int i = 0; i < 3; i++) {
            HttpResponse<String> answer = agents.get(i, MINE);
            assertThat(nodes(json(answer)))
                    .containsExactly(
                            names.get(0),
                            names.get(0),
                            names.get(1),
                            names.get(1),
                            names.get(2),
                            names.get(2));
            assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
            assertThat(answer.headers().firstValue("Portainer-Agent")).isPresent();
            assertThat(answer.headers().firstValue("Api-Version")).isEmpty();
            assertThat(unreachable(answer)).isEmpty();
        }
    }

    /** But for the decoration, an element is byte for byte what its engine says. */
    @Test
    void elementsAreTheEnginesOwn() {
        String merged = agents.get(1, MINE).body();
        for (int i = 0; i < 3; i++) {
            String own =
                    agents.get(i, MINE, "X-PortainerAgent-Target", agents.node(i)).body().strip();
            String decorated =
                    own.substring(1, own.length() - 1)
                            .replace(
                                    "\"Mounts\":[]}",
                                    "\"Mounts\":[],\"Portainer\":{\"Agent\":{\"NodeName\":\""
                                            + agents.node(i)
                                            + "\"}}}");
            assertThat(merged).contains(decorated);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/images/json", "/networks", "/v1.41/images/json?all=1"})
    void otherListsAreMergedAsWell(String path) {
        JsonNode list = json(agents.get(2, path));
        assertThat(new TreeSet<>(nodes(list))).isEqualTo(new TreeSet<>(agents.nodes()));
    }

    @Test
    void volumesStayWrapped() {
        JsonNode answer = json(agents.get(0, "/volumes"));
        assertThat(answer.propertyNames()).contains("Volumes", "Warnings");
        Set<String> found = new TreeSet<>();
        answer.path("Volumes")
                .forEach(
                        volume -> {
                            if (volume.path("Name").asString().startsWith("merged-")) {
                                found.add(
                                        volume.path("Name").asString()
                                                + " on "
                                                + volume.at("/Portainer/Agent/NodeName")
                                                        .asString());
                            }
                        });
        assertThat(found)
                .containsExactly(
                        "merged-0 on " + agents.node(0),
                        "merged-1 on " + agents.node(1),
                        "merged-2 on " + agents.node(2));
    }

    @Test
    void whatAllEnginesRefuseIsRefused() {
        HttpResponse<String> answer = agents.get(0, "/containers/json?filters=bad");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"message\":\"invalid");
    }

    @Test
    void aContainerThatWasJustMadeIsInTheListOfWhoeverAsksNext() throws Exception {
        try (ExecutorService others = Executors.newFixedThreadPool(8)) {
            List<Callable<Integer>> crowd = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                crowd.add(() -> nodes(json(agents.get(0, MINE))).size());
            }
            List<Future<Integer>> asked = crowd.stream().map(others::submit).toList();
            for (int i = 0; i < 5; i++) {
                String id =
                        agents.host(2)
                                .cli()
                                .run("create", "--label", LABEL, "lab/workload:1", "true")
                                .orThrow()
                                .out()
                                .strip();
                assertThat(agents.get(0, MINE).body()).contains(id);
                agents.host(2).cli().run("rm", id).orThrow();
                assertThat(agents.get(0, MINE).body()).doesNotContain(id);
            }
            for (Future<Integer> answer : asked) {
                assertThat(answer.get()).isBetween(6, 7);
            }
        }
    }

    @Test
    void anAgentThatIsKilledIsNamedAndComesBackByItself() {
        agents.kill(2);
        long start = System.nanoTime();
        HttpResponse<String> without = agents.get(0, MINE);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
        assertThat(nodes(json(without))).hasSize(4).doesNotContain(agents.node(2));
        assertThat(unreachable(without)).contains(agents.node(2));
        assertThat(agents.get(0, "/v2/cluster").body())
                .contains("\"health\":\"unreachable\"")
                .contains("\"nodeName\":\"" + agents.node(2) + "\"");
        HttpResponse<String> targeted =
                agents.get(0, "/version", "X-PortainerAgent-Target", agents.node(2));
        assertThat(targeted.statusCode()).isEqualTo(503);
        assertThat(targeted.body()).contains(agents.node(2));

        agents.restart(2);
        // 5 s, and what a new JVM needs on a busy machine until it answers in time.
        Awaitility.await()
                .atMost(Duration.ofSeconds(15))
                .untilAsserted(
                        () -> {
                            HttpResponse<String> again = agents.get(0, MINE);
                            assertThat(nodes(json(again))).hasSize(6);
                            assertThat(unreachable(again)).isEmpty();
                        });
    }

    /** Its connections stay open and silent, as those of a host that was frozen or cut off. */
    @Test
    void anAgentThatStandsStillDelaysAListOnce() throws Exception {
        agents.get(0, MINE);
        agents.signal(1, "STOP");
        try {
            long start = System.nanoTime();
            HttpResponse<String> first = agents.get(0, MINE);
            Duration once = Duration.ofNanos(System.nanoTime() - start);
            assertThat(nodes(json(first))).hasSize(4);
            assertThat(unreachable(first)).contains(agents.node(1));
            // 1.3 s of the agent's own, and what a busy machine adds.
            assertThat(once).isLessThan(Duration.ofSeconds(3));
            start = System.nanoTime();
            for (int i = 0; i < 10; i++) {
                assertThat(nodes(json(agents.get(0, MINE)))).hasSize(4);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isLessThan(Duration.ofSeconds(3));
        } finally {
            agents.signal(1, "CONT");
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(nodes(json(agents.get(0, MINE)))).hasSize(6));
    }

    @Test
    void anEngineThatIsAwayIsAMissingNode() {
        agents.host(1).stopEngine();
        try {
            HttpResponse<String> answer = agents.get(1, MINE);
            assertThat(nodes(json(answer))).hasSize(4).doesNotContain(agents.node(1));
            assertThat(unreachable(answer)).contains(agents.node(1));
            HttpResponse<String> other = agents.get(0, MINE);
            assertThat(nodes(json(other))).hasSize(4);
            assertThat(unreachable(other)).contains(agents.node(1));
        } finally {
            agents.host(1).startEngine();
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(nodes(json(agents.get(1, MINE)))).hasSize(6));
    }
}
