// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.discovery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hostagent.app.fixture.AgentImage;
import io.hostagent.app.fixture.Project;
import io.hostagent.lab.DockerHost;
import io.hostagent.lab.LabEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/** What {@code compose/metrics} gives Prometheus and Grafana is what they and the agent know. */
@Timeout(value = 300, unit = SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MetricsComposeIT {

    private static final String TOKEN = "the-token-of-the-compose-file";
    private static final String PROJECT = "sdmetrics";
    private static final String LIMITED = "sd-limited";
    private static final Duration START = Duration.ofMinutes(1);

    /** What Prometheus itself adds to each scrape. */
    private static final Set<String> OF_PROMETHEUS =
            Set.of("up", "scrape_duration_seconds", "scrape_samples_scraped");

    /** What not every kernel has. */
    private static final Set<String> OF_SOME_KERNELS =
            Set.of(
                    "node_pressure_cpu_waiting_seconds_total",
                    "node_pressure_io_waiting_seconds_total",
                    "node_pressure_memory_waiting_seconds_total");

    @LabEngine(baseImages = true)
    @SuppressWarnings("NullAway.Init") // set by the lab
    private static DockerHost host;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path folder;

    /** Where the files of an agent are that was started. */
    private @Nullable Path started;

    @BeforeAll
    static void buildImage() {
        AgentImage.buildOn(host);
    }

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
    void theAgentOfTheStackServesEveryMetricOfTheDashboards() throws Exception {
        limited();
        up();
        await().atMost(START)
                .untilAsserted(
                        () ->
                                assertThat(served())
                                        .contains("container_cpu_cfs_throttled_seconds_total"));
        Set<String> served = served();
        served.addAll(OF_PROMETHEUS);
        served.addAll(OF_SOME_KERNELS);
        Set<String> asked = new TreeSet<>();
        Dashboards.all()
                .values()
                .forEach(
                        dashboard ->
                                Dashboards.expressions(dashboard)
                                        .forEach(one -> asked.addAll(Dashboards.metrics(one))));

        assertThat(served).containsAll(asked);
    }

    @Test
    void theAgentOfTheStackReachesAnExporterInItsNetwork() throws Exception {
        up();
        ExporterContainer exporter =
                ExporterContainer.start(
                        host,
                        "sd-beside",
                        "9100",
                        "--network=metrics",
                        "--label=prometheus.io/scrape=true",
                        "--label=prometheus.io/port=9100");
        try {
            String path = "/proxy/" + exporter.id() + "/9100/metrics";
            await().atMost(START)
                    .untilAsserted(() -> assertThat(get(path)).contains("exporter_up"));
            assertThat(get("/sd/containers")).contains(path, "\"127.0.0.1:9001\"");
        } finally {
            exporter.remove();
        }
    }

    /** A container with a limit has what others have not. */
    private static void limited() {
        host.cli().run("rm", "--force", LIMITED);
        host.cli()
                .run(
                        "run",
                        "--detach",
                        "--name=" + LIMITED,
                        "--cpus=0.5",
                        "--memory=50m",
                        "lab/workload:1",
                        "sleep",
                        "1000000")
                .orThrow();
    }

    /** Starts the agent of the file, whose own folder is at the same path on the host. */
    private void up() throws IOException {
        Path here = folder.resolve("metrics");
        FileSystemUtils.copyRecursively(Project.root().resolve("compose/metrics"), here);
        Path there = host.root().resolve(here.toString().substring(1));
        Files.createDirectories(there);
        Files.writeString(there.resolve("metrics_token"), TOKEN);
        compose(here, "up", "--detach", "--no-deps", "agent");
        started = here;
        await().atMost(START).until(() -> get("/sd/agents").startsWith("["));
    }

    @AfterEach
    void down() {
        Path here = started;
        if (here != null) {
            compose(here, "down", "--volumes");
        }
        host.cli().run("rm", "--force", LIMITED);
    }

    private static void compose(Path folder, String... arguments) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "compose",
                                "--project-name=" + PROJECT,
                                "--file",
                                folder.resolve("compose.yaml").toString()));
        command.addAll(List.of(arguments));
        host.cli()
                .withEnvironment("AGENT_IMAGE", AgentImage.NAME)
                .withTimeout(Duration.ofMinutes(2))
                .run(command.toArray(String[]::new))
                .orThrow();
    }

    private static String get(String path) {
        return host.runInNetworkOf(
                        PROJECT + "-agent-1",
                        "curl",
                        "--silent",
                        "--insecure",
                        "--header",
                        "Authorization: Bearer " + TOKEN,
                        "https://127.0.0.1:9001" + path)
                .out();
    }

    private static Set<String> served() {
        return get("/metrics")
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("[{ ]", 2)[0])
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
