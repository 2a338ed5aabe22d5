// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hostagent.app.fixture.AgentImage;
import io.hostagent.app.fixture.Project;
import io.hostagent.core.json.JsonTree;
import io.hostagent.lab.DockerHost;
import io.hostagent.lab.RunningCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The stack of {@code compose/metrics} on a Swarm, and a real Prometheus in the network of its
 * agents with the configuration of that stack. The images of Prometheus and Grafana cannot be had
 * here; another one stands in for them, which does not start.
 */
@Timeout(value = 300, unit = SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MetricsStackIT extends OnSwarm {

    private static final String STACK = "metrics";
    private static final String SERVICE = "metrics_agent";
    private static final String NETWORK = "metrics_agents";
    private static final String EXPORTER = "stack-exporter";
    private static final String TOKEN = "the-token-of-the-metrics-stack";
    private static final Duration START = Duration.ofMinutes(2);

    private static final String SERVE =
            "mkdir /www; echo 'exporter_up 1' > /www/metrics; exec httpd -f -p 9100 -h /www";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path folder;

    @BeforeAll
    static void deployMetrics() {
        remove();
        swarm().docker()
                .run(TOKEN.getBytes(UTF_8), List.of("secret", "create", "metrics_token", "-"))
                .orThrow();
        DockerHost manager = swarm().swarm().manager();
        manager.cli()
                .withEnvironment("AGENT_IMAGE", AgentImage.NAME)
                .withEnvironment("PROMETHEUS_IMAGE", "lab/workload:1")
                .withEnvironment("GRAFANA_IMAGE", "lab/workload:1")
                .run(
                        "stack",
                        "deploy",
                        "--resolve-image",
                        "never",
                        "-c",
                        Project.root().resolve("compose/metrics/stack.yaml").toString(),
                        STACK)
                .orThrow();
        for (DockerHost host : swarm().swarm().hosts()) {
            await().atMost(START).until(() -> TaskContainer.of(SERVICE, host).isPresent());
            host.cli()
                    .run(
                            "run",
                            "--detach",
                            "--name=" + EXPORTER,
                            "--network=" + NETWORK,
                            "--label=prometheus.io/scrape=true",
                            "--label=prometheus.io/port=9100",
                            "lab/workload:1",
                            "sh",
                            "-c",
                            SERVE)
                    .orThrow();
        }
    }

    @AfterAll
    static void remove() {
        for (DockerHost host : swarm().swarm().hosts()) {
            host.cli().run("rm", "--force", EXPORTER);
        }
        swarm().docker().run("stack", "rm", STACK);
        await().atMost(START)
                .until(
                        () ->
                                swarm().docker()
                                        .run(
                                                "network",
                                                "ls",
                                                "--quiet",
                                                "--filter",
                                                "name=" + NETWORK)
                                        .out()
                                        .isBlank());
        swarm().docker().run("secret", "rm", "metrics_token");
    }

    @Test
    void prometheusFindsEveryAgentAndScrapesEveryExporterThroughThem() throws IOException {
        DockerHost host = swarm().swarm().workers().getFirst();
        TaskContainer agent = TaskContainer.of(SERVICE, host).orElseThrow();
        TreeSet<String> nodes = new TreeSet<>(NodeAgent.names(swarm().agents()));
        try (RunningCommand prometheus = prometheus(host, agent)) {
            await().atMost(START)
                    .untilAsserted(
                            () -> {
                                assertThat(prometheus.process().isAlive())
                                        .as(prometheus.err())
                                        .isTrue();
                                assertThat(nodesOf("containers", "up", host, agent))
                                        .containsExactlyElementsOf(nodes);
                                assertThat(nodesOf("agents", "up", host, agent))
                                        .containsExactlyElementsOf(nodes);
                            });
        }
    }

    /** The configuration of the stack, with the address of an agent instead of its name. */
    private RunningCommand prometheus(DockerHost host, TaskContainer agent) throws IOException {
        Path token = Files.writeString(folder.resolve("token"), TOKEN);
        String text =
                Files.readString(
                                Project.root()
                                        .resolve("compose/metrics/prometheus/prometheus.yaml"))
                        .replace("/run/secrets/metrics_token", token.toString())
                        .replace("//agent:", "//" + agent.address(NETWORK) + ":")
                        .replace("scrape_interval: 15s", "scrape_interval: 3s")
                        .replace("scrape_timeout: 10s", "scrape_timeout: 3s")
                        .replace("refresh_interval: 30s", "refresh_interval: 3s");
        Path file = Files.writeString(folder.resolve("prometheus.yaml"), text);
        return host.startInNetworkOf(
                agent.id(),
                host.lab().program("prometheus").toString(),
                "--config.file=" + file,
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:19090");
    }

    private static List<String> nodesOf(
            String job, String health, DockerHost host, TaskContainer agent) {
        String answer =
                host.runInNetworkOf(
                                agent.id(),
                                "curl",
                                "--silent",
                                "--fail",
                                "http://127.0.0.1:19090/api/v1/targets?state=active")
                        .out();
        TreeMap<String, String> nodes = new TreeMap<>();
        List<@Nullable Object> targets =
                answer.isBlank()
                        ? List.of()
                        : JsonTree.list(JsonTree.read(answer), "data", "activeTargets");
        for (@Nullable Object target : targets) {
            String said = String.valueOf(JsonTree.text(target, "health"));
            if (job.equals(JsonTree.text(target, "labels", "job")) && said.contains(health)) {
                nodes.put(String.valueOf(JsonTree.text(target, "labels", "node")), said);
            }
        }
        return new ArrayList<>(nodes.keySet());
    }
}
