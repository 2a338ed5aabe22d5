// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hostagent.app.fixture.AgentImage;
import io.hostagent.app.fixture.AgentToken;
import io.hostagent.app.fixture.Exposition;
import io.hostagent.app.fixture.Exposition.Sample;
import io.hostagent.app.fixture.PrometheusServer;
import io.hostagent.app.fixture.RemoteAgent;
import io.hostagent.lab.DockerHost;
import io.hostagent.lab.Lab;
import io.hostagent.lab.LabEngine;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the agent in its container tells of other containers, beside the kernel's files: read with
 * {@code cat} before and after, so that the agent's number has to lie between.
 */
@ParameterizedClass(name = "engine {0}")
@ValueSource(strings = {"20", "26"})
@Timeout(value = 240, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ContainerParityIT {

    private static final String WORKLOAD = "lab/workload:1";
    private static final String AGENT = "metrics-it";
    private static final int PORT = 9481;
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration ANSWER = Duration.ofSeconds(20);

    /** The scrape's window for rates, and how near they have to come. */
    private static final String RANGE = "20s";

    private static final double SHARE = 0.1;

    /** What the ends of a window are worth, of something that hardly happens. */
    private static final double TICKS = 0.01;

    /** What changes between two readings of files that belong together, such as a ratio's. */
    private static final double MEBIBYTE = 1 << 20;

    private static final double USER_HZ = 100;

    @LabEngine(value = "20", baseImages = true)
    @SuppressWarnings("NullAway.Init") // set by the lab
    private static DockerHost old;

    @LabEngine(baseImages = true)
    @SuppressWarnings("NullAway.Init") // set by the lab
    private static DockerHost current;

    @Parameter
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private String engine;

    @SuppressWarnings("NullAway.Init") // set before each
    private String token;

    /** A number of the agent's, and how the kernel's files give the same. */
    private record Row(
            String family,
            Map<String, String> labels,
            double slack,
            ToDoubleFunction<KernelFiles> kernel) {}

    @BeforeAll
    static void build() {
        AgentImage.buildOn(current);
        AgentImage.copy(current, List.of(old));
    }

    @BeforeEach
    void start() {
        run(
                "run",
                "--detach",
                "--name=" + AGENT,
                "--publish=" + PORT + ":9001",
                "--volume=/var/run/docker.sock:/var/run/docker.sock",
                "--volume=/:/host:ro",
                "--env=CAP_METRICS=1",
                "--env=METRICS_CONTAINER_LABELS=*",
                AgentImage.NAME);
        Awaitility.await().atMost(START).until(() -> agent().ping() == 204);
        token = run("exec", AGENT, "agent", "token", "create", "--scope=metrics", "--name=it");
    }

    @AfterEach
    void remove() {
        String all = host().cli().run("ps", "--all", "--quiet").orThrow().out();
        if (!all.isBlank()) {
            host().cli()
                    .run(
                            ("rm --force --volumes " + String.join(" ", all.lines().toList()))
                                    .split(" ", -1));
        }
    }

    @Test
    void tellsWhatTheKernelTells() {
        String id =
                workload(
                        "burner",
                        "--cpus=0.2",
                        "--memory=64m",
                        "--memory-reservation=32m",
                        "--cpu-shares=512",
                        "while :; do dd if=/dev/zero of=/f bs=4096 count=64 2>/dev/null; done");
        String pid = inspect(id, "{{.State.Pid}}");
        awaitContainer("burner");
        KernelFiles kernel = KernelFiles.of(host(), id, pid);
        List<Row> rows = new ArrayList<>(common());
        rows.addAll(kernel.has("memory.current") ? v2() : v1());
        Stream.of("cpu", "memory", "io")
                .filter(what -> kernel.has(what + ".pressure"))
                .forEach(what -> rows.addAll(pressure(what)));
        assertBetween(id, pid, "burner", rows);
    }

    private static List<Row> pressure(String what) {
        String family = "container_pressure_" + what;
        return List.of(
                row(family + "_waiting_seconds_total", 0, k -> k.pressure(what, "some")),
                row(family + "_stalled_seconds_total", 0, k -> k.pressure(what, "full")));
    }

    /** A child that takes more than there is, again and again, and is the one to be killed. */
    @Test
    void tellsOfMemoryThatRanOut() {
        String id =
                workload(
                        "greedy",
                        "--memory=16m",
                        "while :; do (echo 1000 >/proc/self/oom_score_adj;"
                                + " head -c 64000000 /dev/zero | tail -n 1 >/dev/null);"
                                + " sleep 1; done");
        String pid = inspect(id, "{{.State.Pid}}");
        Awaitility.await()
                .atMost(START)
                .until(() -> sum(scrape(), "container_oom_events_total", "greedy", Map.of()) > 0);
        KernelFiles kernel = KernelFiles.of(host(), id, pid);
        List<Row> rows = new ArrayList<>();
        if (kernel.has("memory.oom_control")) {
            rows.add(
                    row(
                            "container_oom_events_total",
                            0,
                            k -> k.number("memory.oom_control", "oom_kill")));
            rows.add(row("container_memory_failcnt", 0, k -> k.number("memory.failcnt")));
        } else {
            rows.add(
                    row(
                            "container_oom_events_total",
                            0,
                            k -> k.number("memory.events", "oom_kill")));
        }
        assertBetween(id, pid, "greedy", rows);
    }

    private static List<Row> common() {
        Map<String, String> eth0 = Map.of("interface", "eth0");
        return List.of(
                new Row(
                        "container_network_receive_bytes_total",
                        eth0,
                        0,
                        k -> k.network("eth0", 0)),
                new Row(
                        "container_network_receive_packets_total",
                        eth0,
                        0,
                        k -> k.network("eth0", 1)),
                new Row(
                        "container_network_receive_errors_total",
                        eth0,
                        0,
                        k -> k.network("eth0", 2)),
                new Row(
                        "container_network_receive_packets_dropped_total",
                        eth0,
                        0,
                        k -> k.network("eth0", 3)),
                new Row(
                        "container_network_transmit_bytes_total",
                        eth0,
                        0,
                        k -> k.network("eth0", 8)),
                new Row(
                        "container_network_transmit_packets_total",
                        eth0,
                        0,
                        k -> k.network("eth0", 9)),
                new Row(
                        "container_network_transmit_errors_total",
                        eth0,
                        0,
                        k -> k.network("eth0", 10)),
                new Row(
                        "container_network_transmit_packets_dropped_total",
                        eth0,
                        0,
                        k -> k.network("eth0", 11)),
                row("container_cpu_cfs_periods_total", 0, k -> k.number("cpu.stat", "nr_periods")),
                row(
                        "container_cpu_cfs_throttled_periods_total",
                        0,
                        k -> k.number("cpu.stat", "nr_throttled")));
    }

    private static List<Row> v1() {
        return List.of(
                row("container_cpu_usage_seconds_total", 0, k -> k.number("cpuacct.usage") / 1e9),
                row(
                        "container_cpu_user_seconds_total",
                        1 / USER_HZ,
                        k -> k.number("cpuacct.stat", "user") / USER_HZ),
                row(
                        "container_cpu_system_seconds_total",
                        1 / USER_HZ,
                        k -> k.number("cpuacct.stat", "system") / USER_HZ),
                row(
                        "container_cpu_cfs_throttled_seconds_total",
                        0,
                        k -> k.number("cpu.stat", "throttled_time") / 1e9),
                row("container_spec_cpu_period", 0, k -> k.number("cpu.cfs_period_us")),
                row("container_spec_cpu_quota", 0, k -> k.number("cpu.cfs_quota_us")),
                row("container_spec_cpu_shares", 0, k -> k.number("cpu.shares")),
                row("container_spec_memory_limit_bytes", 0, k -> k.number("memory.limit_in_bytes")),
                row(
                        "container_spec_memory_reservation_limit_bytes",
                        0,
                        k -> k.number("memory.soft_limit_in_bytes")),
                row(
                        "container_memory_usage_bytes",
                        MEBIBYTE,
                        k -> k.number("memory.usage_in_bytes")),
                row(
                        "container_memory_working_set_bytes",
                        MEBIBYTE,
                        k ->
                                k.number("memory.usage_in_bytes")
                                        - k.number("memory.stat", "total_inactive_file")),
                row("container_memory_rss", MEBIBYTE, k -> k.number("memory.stat", "total_rss")),
                row(
                        "container_memory_cache",
                        MEBIBYTE,
                        k -> k.number("memory.stat", "total_cache")),
                row(
                        "container_memory_mapped_file",
                        MEBIBYTE,
                        k -> k.number("memory.stat", "total_mapped_file")),
                row("container_memory_swap", 0, k -> k.number("memory.stat", "total_swap")),
                row(
                        "container_memory_kernel_usage",
                        MEBIBYTE,
                        k -> k.number("memory.kmem.usage_in_bytes")),
                row(
                        "container_memory_total_active_file_bytes",
                        MEBIBYTE,
                        k -> k.number("memory.stat", "total_active_file")),
                row(
                        "container_memory_total_inactive_file_bytes",
                        MEBIBYTE,
                        k -> k.number("memory.stat", "total_inactive_file")),
                row(
                        "container_memory_file_dirty_bytes",
                        MEBIBYTE,
                        k -> k.number("memory.stat", "total_dirty")),
                row(
                        "container_memory_workingset_refault_file_total",
                        0,
                        k -> k.number("memory.stat", "total_workingset_refault_file")),
                row(
                        "container_memory_max_usage_bytes",
                        0,
                        k -> k.number("memory.max_usage_in_bytes")),
                row(
                        "container_spec_memory_swap_limit_bytes",
                        0,
                        k -> k.number("memory.memsw.limit_in_bytes")),
                row("container_memory_failcnt", 0, k -> k.number("memory.failcnt")),
                new Row(
                        "container_memory_failures_total",
                        Map.of("failure_type", "pgfault", "scope", "hierarchy"),
                        0,
                        k -> k.number("memory.stat", "total_pgfault")),
                new Row(
                        "container_memory_failures_total",
                        Map.of("failure_type", "pgmajfault", "scope", "hierarchy"),
                        0,
                        k -> k.number("memory.stat", "total_pgmajfault")),
                new Row(
                        "container_memory_failures_total",
                        Map.of("failure_type", "pgfault", "scope", "container"),
                        0,
                        k -> k.number("memory.stat", "pgfault")));
    }

    private static List<Row> v2() {
        return List.of(
                row(
                        "container_cpu_usage_seconds_total",
                        0,
                        k -> k.number("cpu.stat", "usage_usec") / 1e6),
                row(
                        "container_cpu_user_seconds_total",
                        0,
                        k -> k.number("cpu.stat", "user_usec") / 1e6),
                row(
                        "container_cpu_cfs_throttled_seconds_total",
                        0,
                        k -> k.number("cpu.stat", "throttled_usec") / 1e6),
                row("container_memory_usage_bytes", MEBIBYTE, k -> k.number("memory.current")),
                row("container_memory_rss", MEBIBYTE, k -> k.number("memory.stat", "anon")),
                row("container_spec_memory_limit_bytes", 0, k -> k.number("memory.max")));
    }

    private static Row row(String family, double slack, ToDoubleFunction<KernelFiles> kernel) {
        return new Row(family, Map.of(), slack, kernel);
    }

    private void assertBetween(String id, String pid, String name, List<Row> rows) {
        AgentMetrics.forget();
        KernelFiles before = KernelFiles.of(host(), id, pid);
        Exposition read = scrape();
        KernelFiles after = KernelFiles.of(host(), id, pid);
        SoftAssertions all = new SoftAssertions();
        for (Row row : rows) {
            double one = row.kernel().applyAsDouble(before);
            double other = row.kernel().applyAsDouble(after);
            // The kernel counts in whole nanoseconds, a double of seconds rounds the last of them.
            double slack = row.slack() + 1e-9 * Math.max(1, Math.abs(other));
            all.assertThat(sum(read, row.family(), name, row.labels()))
                    .as(row.family())
                    .isBetween(Math.min(one, other) - slack, Math.max(one, other) + slack);
        }
        all.assertAll();
    }

    @Test
    void tellsOfTheDiskWhatTheKernelTells() {
        String id =
                workload(
                        "writer",
                        "--device-write-bps=" + disk() + ":1gb",
                        "dd if=/dev/zero of=/f bs=65536 count=200 conv=fsync; sleep 1000");
        String pid = inspect(id, "{{.State.Pid}}");
        Awaitility.await()
                .atMost(ANSWER)
                .until(
                        () ->
                                sum(scrape(), "container_fs_writes_bytes_total", "writer", Map.of())
                                        > 0);
        KernelFiles kernel = KernelFiles.of(host(), id, pid);
        String bytes = "blkio.throttle.io_service_bytes_recursive";
        String calls = "blkio.throttle.io_serviced_recursive";
        if (kernel.has(bytes)) {
            assertBetween(
                    id,
                    pid,
                    "writer",
                    List.of(
                            row(
                                    "container_fs_writes_bytes_total",
                                    0,
                                    k -> k.sum(bytes, line -> line.contains(" Write "))),
                            row(
                                    "container_fs_writes_total",
                                    0,
                                    k -> k.sum(calls, line -> line.contains(" Write ")))));
        }
    }

    @Test
    void namesContainersAsTheEngineDoes() {
        String id =
                workload(
                        "named",
                        "--label=com.example.team=blue \"and\" green",
                        "--label=größe=ü\\n",
                        "sleep 1000");
        awaitContainer("named");
        Exposition read = scrape();
        Sample seen =
                read.samples("container_last_seen").stream()
                        .filter(sample -> sample.label("name").equals("named"))
                        .findFirst()
                        .orElseThrow();
        assertThat(seen.label("id")).endsWith(id);
        assertThat(seen.label("image")).isEqualTo(WORKLOAD);
        assertThat(Math.abs(seen.value() - Instant.now().getEpochSecond())).isLessThan(10);
        assertThat(sum(read, "container_start_time_seconds", "named", Map.of()))
                .isCloseTo(
                        (double)
                                Instant.parse(inspect(id, "{{.State.StartedAt}}")).getEpochSecond(),
                        within(1.0));
        assertThat(read.samples("container_last_seen"))
                .as("the root of all groups")
                .anySatisfy(sample -> assertThat(sample.label("id")).isEqualTo("/"));
    }

    @Test
    void tellsOfWhatRunsAndOfNothingElse() {
        workload("paused", "sleep 1000");
        workload("stopped", "sleep 1000");
        workload("onhost", "--network=host", "sleep 1000");
        run("create", "--name=created", WORKLOAD, "sleep", "1000");
        List.of("paused", "stopped", "onhost").forEach(this::awaitContainer);
        run("pause", "paused");
        run("kill", "stopped");
        Awaitility.await()
                .atMost(ANSWER)
                .untilAsserted(
                        () ->
                                assertThat(names(scrape()))
                                        .contains("paused", "onhost", AGENT)
                                        .doesNotContain("stopped", "created"));
        assertThat(scrape().samples("container_network_receive_bytes_total"))
                .as("the host's network is not that of a container")
                .noneSatisfy(sample -> assertThat(sample.label("name")).isEqualTo("onhost"));
        run("unpause", "paused");
    }

    /**
     * An expression of a dashboard, and how the kernel's files of two moments give the same.
     *
     * @param of the container that it is about
     */
    private record Asked(String expression, String of, Expected expected) {}

    /** What an expression has to give. */
    private interface Expected {
        double of(KernelFiles first, KernelFiles last, double seconds);
    }

    private static Asked rate(String family, String of, ToDoubleFunction<KernelFiles> kernel) {
        return new Asked(
                "sum(rate(%s{name=\"%s\"}[%s]))".formatted(family, of, RANGE),
                of,
                (first, last, seconds) ->
                        (kernel.applyAsDouble(last) - kernel.applyAsDouble(first)) / seconds);
    }

    private static Asked share(
            String family, String of, String whole, ToDoubleFunction<KernelFiles> kernel) {
        return new Asked(
                "100 * sum by (name) (%s{name=\"%s\"}) / sum by (name) (%s{name=\"%s\"} > 0)"
                        .formatted(family, of, whole, of),
                of,
                (first, last, seconds) -> 100 * kernel.applyAsDouble(last));
    }

    /** What dashboards do with these numbers: rates over a window, and shares of limits. */
    private static List<Asked> dashboards() {
        return List.of(
                rate("container_cpu_usage_seconds_total", "burner", ContainerParityIT::cpu),
                rate("container_cpu_user_seconds_total", "burner", k -> times(k, "user")),
                rate("container_cpu_system_seconds_total", "burner", k -> times(k, "system")),
                rate(
                        "container_cpu_cfs_throttled_periods_total",
                        "burner",
                        k -> k.number("cpu.stat", "nr_throttled")),
                new Asked(
                        ("sum(increase(container_cpu_cfs_throttled_periods_total{name=\"burner\"}[%s]))"
                                        + " / sum(increase(container_cpu_cfs_periods_total{name=\"burner\"}[%s]))")
                                .formatted(RANGE, RANGE),
                        "burner",
                        (first, last, seconds) ->
                                (last.number("cpu.stat", "nr_throttled")
                                                - first.number("cpu.stat", "nr_throttled"))
                                        / (last.number("cpu.stat", "nr_periods")
                                                - first.number("cpu.stat", "nr_periods"))),
                new Asked(
                        ("sum(rate(container_cpu_usage_seconds_total{name=\"burner\"}[%s]))"
                                        + " / (scalar(container_spec_cpu_quota{name=\"burner\"})"
                                        + " / scalar(container_spec_cpu_period{name=\"burner\"}))")
                                .formatted(RANGE),
                        "burner",
                        (first, last, seconds) -> (cpu(last) - cpu(first)) / seconds / 0.2),
                share(
                        "container_memory_usage_bytes",
                        "holder",
                        "container_spec_memory_limit_bytes",
                        k -> usage(k) / (64 << 20)),
                share(
                        "container_memory_working_set_bytes",
                        "holder",
                        "container_spec_memory_limit_bytes",
                        k -> (usage(k) - inactive(k)) / (64 << 20)),
                rate("container_network_receive_bytes_total", "talker", k -> k.network("eth0", 0)),
                rate("container_network_transmit_bytes_total", "talker", k -> k.network("eth0", 8)),
                rate(
                        "container_network_transmit_packets_total",
                        "talker",
                        k -> k.network("eth0", 9)),
                new Asked(
                        "count(container_last_seen{image=\"" + WORKLOAD + "\"})",
                        "burner",
                        (first, last, seconds) -> 3),
                new Asked(
                        "absent(container_memory_usage_bytes{name=\"nobody\"})",
                        "burner",
                        (first, last, seconds) -> 1));
    }

    @Test
    void givesPrometheusWhatTheKernelCounts() {
        Map<String, String> ids =
                Map.of(
                        "burner",
                        workload("burner", "--cpus=0.2", "while :; do :; done"),
                        "holder",
                        workload(
                                "holder",
                                "--memory=64m",
                                "dd if=/dev/zero of=/dev/shm/f bs=65536 count=320; sleep 1000"),
                        "talker",
                        workload(
                                "talker",
                                "gateway=$(ip route | sed -n 's/default via \\([^ ]*\\).*/\\1/p');"
                                        + " for i in 1 2 3 4; do ping -s 1000 $gateway & done; wait"));
        Map<String, String> pids = new HashMap<>();
        ids.forEach((name, id) -> pids.put(name, inspect(id, "{{.State.Pid}}")));
        ids.keySet().forEach(this::awaitContainer);
        String configuration =
                """
                global:
                  scrape_interval: 2s
                  scrape_timeout: 2s
                scrape_configs:
                  - job_name: new
                    scheme: https
                    tls_config: {insecure_skip_verify: true}
                    authorization: {credentials: '%s'}
                    metrics_path: /metrics/cadvisor
                    static_configs: [{targets: ['%s:%d']}]
                """
                        .formatted(token, host().address(), PORT);
        try (PrometheusServer prometheus = PrometheusServer.start(Lab.open(), configuration)) {
            long start = System.nanoTime();
            Map<String, KernelFiles> first = read(ids, pids);
            Awaitility.await()
                    .atMost(START)
                    .until(
                            () ->
                                    System.nanoTime() - start > 22e9
                                            && prometheus
                                                            .query(
                                                                    "count_over_time(up["
                                                                            + RANGE
                                                                            + "]) >= 10")
                                                            .size()
                                                    == 1);
            List<Double> found =
                    dashboards().stream().map(one -> prometheus.value(one.expression())).toList();
            double seconds = (System.nanoTime() - start) / 1e9;
            Map<String, KernelFiles> last = read(ids, pids);
            SoftAssertions all = new SoftAssertions();
            for (int i = 0; i < found.size(); i++) {
                Asked asked = dashboards().get(i);
                double expected =
                        asked.expected()
                                .of(
                                        Objects.requireNonNull(first.get(asked.of())),
                                        Objects.requireNonNull(last.get(asked.of())),
                                        seconds);
                all.assertThat(found.get(i))
                        .as(asked.expression())
                        .isCloseTo(expected, within(expected * SHARE + TICKS));
            }
            all.assertAll();
        }
    }

    private Map<String, KernelFiles> read(Map<String, String> ids, Map<String, String> pids) {
        Map<String, KernelFiles> read = new HashMap<>();
        ids.forEach(
                (name, id) ->
                        read.put(
                                name,
                                KernelFiles.of(
                                        host(), id, Objects.requireNonNull(pids.get(name)))));
        return read;
    }

    private static double times(KernelFiles kernel, String mode) {
        return kernel.has("cpuacct.stat")
                ? kernel.number("cpuacct.stat", mode) / USER_HZ
                : kernel.number("cpu.stat", mode + "_usec") / 1e6;
    }

    private static double usage(KernelFiles kernel) {
        return kernel.number(
                kernel.has("memory.current") ? "memory.current" : "memory.usage_in_bytes");
    }

    private static double inactive(KernelFiles kernel) {
        return kernel.number(
                "memory.stat",
                kernel.has("memory.current") ? "inactive_file" : "total_inactive_file");
    }

    /**
     * The disk below the engine's folder. Many kernels count for cgroup v1 only where there is a
     * limit.
     */
    private String disk() {
        return host().exec("sh", "-c", "df -P /var/lib/docker | sed -n '2s/ .*//p'")
                .orThrow()
                .out()
                .strip();
    }

    private static double cpu(KernelFiles kernel) {
        return kernel.has("cpuacct.usage")
                ? kernel.number("cpuacct.usage") / 1e9
                : kernel.number("cpu.stat", "usage_usec") / 1e6;
    }

    private Exposition scrape() {
        HttpResponse<String> answer =
                agent().get("/metrics/cadvisor", AgentToken.headers(token), ANSWER);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Exposition.parse(answer.body());
    }

    private static double sum(
            Exposition read, String family, String name, Map<String, String> labels) {
        Map<String, String> all = new TreeMap<>(labels);
        all.put("name", name);
        return read.samples(family).stream()
                .filter(s -> s.series().labels().entrySet().containsAll(all.entrySet()))
                .mapToDouble(Sample::value)
                .reduce(Double::sum)
                .orElse(Double.NaN);
    }

    private static List<String> names(Exposition read) {
        return read.samples("container_last_seen").stream().map(s -> s.label("name")).toList();
    }

    private void awaitContainer(String name) {
        Awaitility.await().atMost(ANSWER).until(() -> names(scrape()).contains(name));
    }

    /**
     * Starts a container; the last of the arguments is what its shell runs, the others are options.
     */
    private String workload(String name, String... arguments) {
        List<String> command = new ArrayList<>(List.of("run", "--detach", "--name=" + name));
        command.addAll(List.of(arguments).subList(0, arguments.length - 1));
        command.addAll(List.of(WORKLOAD, "sh", "-c", arguments[arguments.length - 1]));
        return run(command.toArray(String[]::new));
    }

    private String inspect(String id, String format) {
        return run("inspect", "--format", format, id);
    }

    private String run(String... command) {
        return host().cli().run(command).orThrow().out().strip();
    }

    private RemoteAgent agent() {
        return new RemoteAgent(host().address(), PORT);
    }

    private DockerHost host() {
        return engine.equals("20") ? old : current;
    }
}
