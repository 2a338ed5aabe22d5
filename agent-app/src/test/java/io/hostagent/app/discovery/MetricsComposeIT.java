// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.discovery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hostagent.app.fixture.Project;
import io.hostagent.lab.CommandResult;
import io.hostagent.lab.DockerHost;
import io.hostagent.lab.LabEngine;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/** What {@code compose/metrics} gives Prometheus and Grafana is what they and the agent know. */
@Timeout(value = 180, unit = SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MetricsComposeIT {

    private static final int PORT = 19_018;

    /** What Prometheus itself adds to each scrape. */
    private static final Set<String> OF_PROMETHEUS =
            Set.of("up", "scrape_duration_seconds", "scrape_samples_scraped");

    /** What not every kernel has. */
    private static final Set<String> OF_SOME_KERNELS =
            Set.of(
                    "node_pressure_cpu_waiting_seconds_total",
                    "node_pressure_io_waiting_seconds_total",
                    "node_pressure_memory_waiting_seconds_total");

    @LabEngine
    @SuppressWarnings("NullAway.Init") // set by the lab
    private static DockerHost host;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path folder;

    @Test
    void prometheusTakesItsConfiguration() throws Exception {
        Path token = Files.writeString(folder.resolve("token"), "token");
        String text =
                Files.readString(
                        Project.root().resolve("compose/metrics/prometheus/prometheus.yaml"));
        assertThat(text).contains("/run/secrets/metrics_token");
        Path file =
                Files.writeString(
                        folder.resolve("prometheus.yaml"),
                        text.replace("/run/secrets/metrics_token", token.toString()));

        assertThat(promtool("check", "config", file.toString())).contains("SUCCESS");
    }

    @Test
    void prometheusUnderstandsEveryExpression() throws Exception {
        StringBuilder rules = new StringBuilder("groups:\n- name: dashboards\n  rules:\n");
        Dashboards.all()
                .values()
                .forEach(
                        dashboard ->
                                Dashboards.expressions(dashboard)
                                        .forEach(
                                                expression ->
                                                        rules.append("  - record: a:b\n    expr: '")
                                                                .append(expression)
                                                                .append("'\n")));
        Path file = Files.writeString(folder.resolve("rules.yaml"), rules);

        assertThat(promtool("check", "rules", "--lint=none", file.toString())).contains("SUCCESS");
    }

    private static String promtool(String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 1];
        command[0] = host.lab().program("promtool").toString();
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    @Test
    void theAgentServesEveryMetricOfTheDashboards() {
        host.cli().run("rm", "--force", "sd-limited");
        host.cli()
                .run(
                        "run",
                        "--detach",
                        "--name=sd-limited",
                        "--cpus=0.5",
                        "--memory=50m",
                        "lab/workload:1",
                        "sleep",
                        "1000000")
                .orThrow();
        try (HostAgent agent = HostAgent.start(host, PORT)) {
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(served(agent)).contains("container_last_seen"));
            Set<String> served = served(agent);
            served.addAll(OF_PROMETHEUS);
            served.addAll(OF_SOME_KERNELS);
            Set<String> asked = new TreeSet<>();
            Dashboards.all()
                    .values()
                    .forEach(
                            dashboard ->
                                    Dashboards.expressions(dashboard)
                                            .forEach(
                                                    expression ->
                                                            asked.addAll(
                                                                    Dashboards.metrics(
                                                                            expression))));
            assertThat(served).containsAll(asked);
        } finally {
            host.cli().run("rm", "--force", "sd-limited");
        }
    }

    private static Set<String> served(HostAgent agent) {
        HttpResponse<String> answer = agent.get("/metrics");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("[{ ]", 2)[0])
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void composeTakesTheFileForOneHost() throws Exception {
        Path copy = folder.resolve("metrics");
        FileSystemUtils.copyRecursively(Project.root().resolve("compose/metrics"), copy);
        Files.writeString(copy.resolve("metrics_token"), "token");

        CommandResult result =
                host.lab()
                        .cli("26", host.endpoint())
                        .run("compose", "-f", copy.resolve("compose.yaml").toString(), "config");

        assertThat(result.succeeded()).as(result.toString()).isTrue();
        assertThat(result.out()).contains("AGENT_METRICS_TOKEN_FILE", "uts: host");
    }
}
