// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.cluster;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hostagent.core.json.JsonTree;
import io.hostagent.lab.DockerSwarm;
import io.hostagent.lab.LabSwarm;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What Prometheus is told about three nodes, by any agent. */
@Timeout(value = 120, unit = SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MetricsDiscoveryIT {

    private static final String TOKEN = "the-metrics-token-of-all-agents";
    private static final String UNREACHABLE = "X-HostAgent-Unreachable";
    private static final String NAME = "discovered";

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static ThreeAgents agents;

    private static final List<String> IDS = new ArrayList<>();

    @BeforeAll
    static void start(@LabSwarm(hosts = 3) DockerSwarm swarm) {
        agents =
                ThreeAgents.on(
                        swarm,
                        Map.of(
                                "AGENT_SECRET", "a secret of three agents",
                                "AGENT_METRICS_TOKEN", TOKEN,
                                "CAP_METRICS", "1"));
        agents.awaitEachOther();
        for (int i = 0; i < 3; i++) {
            agents.host(i).cli().run("rm", "--force", NAME);
            IDS.add(
                    agents.host(i)
                            .cli()
                            .run(
                                    "run",
                                    "--detach",
                                    "--name=" + NAME,
                                    "--label=prometheus.io/scrape=true",
                                    "--label=prometheus.io/port=9100",
                                    "lab/workload:1",
                                    "sleep",
                                    "1000000")
                            .orThrow()
                            .out()
                            .strip());
        }
    }

    @AfterAll
    static void stop() {
        for (int i = 0; i < 3; i++) {
            agents.host(i).cli().run("rm", "--force", NAME);
        }
        agents.close();
    }

    /** Whatever the test before this one did to a node. */
    @BeforeEach
    void awaitAllNodes() {
        for (int i = 0; i < 3; i++) {
            int index = i;
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(list(get(index, "/sd/containers"))).hasSize(3));
        }
    }

    @Test
    void anyAgentTellsTheContainersOfAllNodes() {
        String first = get(0, "/sd/containers").body();
        for (int i = 0; i < 3; i++) {
            HttpResponse<String> answer = get(i, "/sd/containers");

            assertThat(answer.headers().firstValue(UNREACHABLE)).isEmpty();
            assertThat(answer.body()).isEqualTo(first);
            assertThat(labels(list(answer), "__meta_hostagent_node_name"))
                    .containsExactlyElementsOf(new TreeSet<>(agents.nodes()));
        }
    }

    @Test
    void aTargetIsTheAgentOfTheContainersOwnHost() {
        for (@Nullable Object target : list(get(1, "/sd/containers"))) {
            String node = label(target, "__meta_hostagent_node_name");
            int index = agents.nodes().indexOf(node);
            assertThat(JsonTree.list(target, "targets")).containsExactly(address(index));
            assertThat(label(target, "__metrics_path__"))
                    .isEqualTo("/proxy/" + IDS.get(index) + "/9100/metrics");
            assertThat(label(target, "instance")).isEqualTo(node + "/" + NAME + ":9100");
        }
    }

    @Test
    void anyAgentTellsAllAgents() {
        for (int i = 0; i < 3; i++) {
            List<@Nullable Object> all = list(get(i, "/sd/agents"));
            assertThat(labels(all, "instance"))
                    .containsExactlyElementsOf(new TreeSet<>(agents.nodes()));
            for (@Nullable Object agent : all) {
                int index = agents.nodes().indexOf(label(agent, "instance"));
                assertThat(JsonTree.list(agent, "targets")).containsExactly(address(index));
                assertThat(label(agent, "__meta_hostagent_node_role"))
                        .isEqualTo(index == 0 ? "manager" : "worker");
            }
        }
    }

    @Test
    void oneNodeAloneAnswersWhereItIsNamed() {
        HttpResponse<String> answer =
                agents.get(0, "/sd/containers", "X-PortainerAgent-Target", agents.node(2));

        assertThat(labels(list(answer), "__meta_hostagent_node_name"))
                .containsExactly(agents.node(2));
        assertThat(JsonTree.list(list(answer).getFirst(), "targets")).containsExactly(address(2));
    }

    @Test
    void anotherAddressIsGivenWhereItIsAskedFor() {
        for (@Nullable Object target : list(get(0, "/sd/containers?via=gate.example:9443"))) {
            assertThat(JsonTree.list(target, "targets")).containsExactly("gate.example:9443");
        }
    }

    @Test
    void aScrapeFindsTheNodeOfItsContainer() {
        for (int i = 0; i < 3; i++) {
            HttpResponse<String> answer = get(0, "/proxy/" + IDS.get(i) + "/9101/metrics");

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(403);
            assertThat(answer.body()).contains("It offers port 9100");
            if (i > 0) {
                assertThat(answer.headers().firstValue("X-HostAgent-Node"))
                        .contains(agents.node(i));
            }
        }
        assertThat(get(0, "/proxy/" + "0".repeat(64) + "/9100/metrics").statusCode())
                .isEqualTo(404);
    }

    @Test
    void aDeadNodeIsNamedAndTheOthersAreThere() {
        agents.kill(2);
        try {
            HttpResponse<String> answer = get(0, "/sd/containers");

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue(UNREACHABLE)).contains(agents.node(2));
            assertThat(labels(list(answer), "__meta_hostagent_node_name"))
                    .containsExactlyInAnyOrder(agents.node(0), agents.node(1));
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(
                            () ->
                                    assertThat(labels(list(get(1, "/sd/agents")), "instance"))
                                            .containsExactlyInAnyOrder(
                                                    agents.node(0), agents.node(1)));
            assertThat(get(0, "/proxy/" + "1".repeat(64) + "/9100/metrics").statusCode())
                    .isEqualTo(503);
        } finally {
            agents.restart(2);
        }
    }

    /** With the token that all of them have, as Prometheus does. */
    private static HttpResponse<String> get(int index, String path) {
        return agents.agent(index)
                .send(
                        HttpRequest.newBuilder(URI.create("https://" + address(index) + path))
                                .timeout(Duration.ofSeconds(30))
                                .header("Authorization", "Bearer " + TOKEN)
                                .build());
    }

    private static String address(int index) {
        return "127.0.0.1:" + agents.agent(index).port();
    }

    private static List<@Nullable Object> list(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JsonTree.list(JsonTree.read(answer.body()));
    }

    private static List<String> labels(List<@Nullable Object> targets, String name) {
        List<String> values = new ArrayList<>();
        targets.forEach(target -> values.add(label(target, name)));
        return values;
    }

    private static String label(@Nullable Object target, String name) {
        return String.valueOf(JsonTree.text(target, "labels", name));
    }
}
