// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hostagent.app.containers.HostMetrics.Scrape;
import io.hostagent.capability.metrics.container.ContainerSettings;
import io.hostagent.capability.metrics.container.SlowLane;
import io.hostagent.core.host.HostRoot;
import io.hostagent.core.kernel.HostFiles;
import io.hostagent.lab.DockerHost;
import io.hostagent.lab.LabEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Containers of real engines, their metrics next to what this test reads of them in the kernel's
 * files and asks the engine.
 */
@ParameterizedClass(name = "engine {0}")
@ValueSource(strings = {"20", "26"})
@Timeout(value = 200, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ContainerMetricsIT {

    private static final String WORKLOAD = "lab/workload:1";
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final Duration CHURN = Duration.ofSeconds(12);
    private static final double MEBIBYTE = 1 << 20;

    @LabEngine("20")
    @SuppressWarnings("NullAway.Init") // set by the lab
    private DockerHost old;

    @LabEngine("26")
    @SuppressWarnings("NullAway.Init") // set by the lab
    private DockerHost current;

    @Parameter
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private String engine;

    private @Nullable HostMetrics metrics;

    private DockerHost host() {
        return engine.equals("20") ? old : current;
    }

    @AfterEach
    void clean() throws IOException {
        if (metrics != null) {
            metrics.close();
        }
        String ids = docker("ps", "--all", "--quiet").strip();
        for (String id : ids.lines().toList()) {
            docker("rm", "--force", "--volumes", id);
        }
    }

    private String docker(String... arguments) {
        return host().cli().run(arguments).orThrow().out();
    }

    /** An agent that runs on this machine, where processes have other numbers than the engine's. */
    private HostMetrics onThisMachine(ContainerSettings settings) {
        HostMetrics opened = HostMetrics.of(host(), HostFiles.of(new HostRoot()), settings);
        metrics = opened;
        return opened;
    }

    /** One in a container, with the root of the host mounted. */
    private HostMetrics belowTheRoot(ContainerSettings settings) {
        Path root = host().root();
        HostMetrics opened =
                HostMetrics.of(
                        host(),
                        new HostFiles(
                                root.resolve("proc"),
                                root.resolve("sys"),
                                Optional.of(root),
                                Optional.of(root.resolve("proc/1")),
                                Optional.empty()),
                        settings);
        metrics = opened;
        return opened;
    }

    private static ContainerSettings with(
            boolean allLabels, boolean hostNetwork, boolean slow, Duration interval) {
        ContainerSettings defaults = ContainerSettings.DEFAULTS;
        SlowLane lane = new SlowLane(slow, interval, Duration.ofSeconds(30));
        return new ContainerSettings(
                defaults.labels(),
                allLabels,
                defaults.environment(),
                false,
                false,
                hostNetwork,
                lane,
                lane,
                lane);
    }

    private static Scrape awaitScrape(HostMetrics metrics, String... containers) {
        return Awaitility.await()
                .atMost(SOON)
                .until(
                        metrics::scrape,
                        scrape ->
                                Stream.of(containers)
                                        .allMatch(
                                                name ->
                                                        scrape.all(
                                                                                "container_last_seen",
                                                                                "name",
                                                                                name)
                                                                        .size()
                                                                == 1));
    }

    private String inspect(String format, String container) {
        return docker("inspect", "--format", format, container).strip();
    }

    /** A file of a container's cgroup, found by this test's own means. */
    private String cgroup(String controller, String container, String file) throws IOException {
        String id = inspect("{{.Id}}", container);
        try (Stream<Path> paths = Files.walk(Path.of("/sys/fs/cgroup", controller), 4)) {
            Path folder = paths.filter(path -> path.endsWith(id)).findFirst().orElseThrow();
            return Files.readString(folder.resolve(file)).strip();
        }
    }

    @Test
    void numbersAreThoseOfTheKernel() throws IOException {
        docker(
                "run",
                "-d",
                "--name",
                "web",
                "--memory",
                "64m",
                "--memory-reservation",
                "32m",
                "--cpus",
                "0.5",
                "--cpu-shares",
                "512",
                WORKLOAD,
                "sh",
                "-c",
                "dd if=/dev/zero of=/big bs=1M count=20; while true; do :; done");
        for (HostMetrics some :
                new HostMetrics[] {
                    belowTheRoot(ContainerSettings.DEFAULTS),
                    onThisMachine(ContainerSettings.DEFAULTS)
                }) {
            awaitScrape(some, "web");
            double before = Double.parseDouble(cgroup("cpuacct", "web", "cpuacct.usage")) / 1e9;
            Scrape scrape = some.scrape();
            double after = Double.parseDouble(cgroup("cpuacct", "web", "cpuacct.usage")) / 1e9;

            assertThat(scrape.value("container_cpu_usage_seconds_total", "name", "web"))
                    .isBetween(before, after);
            assertThat(scrape.value("container_spec_cpu_quota", "name", "web")).isEqualTo(50_000);
            assertThat(scrape.value("container_spec_cpu_shares", "name", "web")).isEqualTo(512);
            assertThat(scrape.value("container_spec_memory_limit_bytes", "name", "web"))
                    .isEqualTo(64 * MEBIBYTE);
            assertThat(scrape.value("container_spec_memory_reservation_limit_bytes", "name", "web"))
                    .isEqualTo(32 * MEBIBYTE);
            assertThat(scrape.value("container_cpu_cfs_periods_total", "name", "web")).isPositive();
            double usage = Double.parseDouble(cgroup("memory", "web", "memory.usage_in_bytes"));
            assertThat(scrape.value("container_memory_usage_bytes", "name", "web"))
                    .isCloseTo(usage, within(Math.max(MEBIBYTE, usage / 100)));
            assertThat(scrape.value("container_start_time_seconds", "name", "web"))
                    .isEqualTo(
                            (double)
                                    Instant.parse(inspect("{{.State.StartedAt}}", "web"))
                                            .getEpochSecond());
            assertThat(scrape.value("container_last_seen", "name", "web"))
                    .isCloseTo((double) Instant.now().getEpochSecond(), within(2.0));
            assertThat(scrape.all("container_last_seen", "name", "web").getFirst().label("id"))
                    .endsWith("/" + inspect("{{.Id}}", "web"));
            assertThat(scrape.all("container_last_seen", "name", "web").getFirst().label("image"))
                    .isEqualTo(WORKLOAD);
            assertThat(
                            scrape.value(
                                    "container_network_receive_bytes_total",
                                    "name",
                                    "web",
                                    "interface",
                                    "eth0"))
                    .isCloseTo(received("web"), within(2_000.0));
            assertThat(scrape.value("container_scrape_error")).isZero();
            assertThat(scrape.value("machine_scrape_error")).isZero();
            assertThat(scrape.all("cadvisor_version_info").getFirst().label("dockerVersion"))
                    .isEqualTo(host().engineVersion());
            some.close();
        }
        metrics = null;
    }

    private double received(String container) {
        return Double.parseDouble(
                docker("exec", container, "cat", "/sys/class/net/eth0/statistics/rx_bytes")
                        .strip());
    }

    @Test
    void networksAreToldOnceAndOfTheirOwner() {
        docker("run", "-d", "--name", "owner", WORKLOAD, "sleep", "600");
        docker(
                "run",
                "-d",
                "--name",
                "guest",
                "--network",
                "container:owner",
                WORKLOAD,
                "sleep",
                "600");
        docker("run", "-d", "--name", "hosted", "--network", "host", WORKLOAD, "sleep", "600");
        docker("run", "-d", "--name", "alone", "--network", "none", WORKLOAD, "sleep", "600");

        Scrape scrape =
                awaitScrape(
                        belowTheRoot(ContainerSettings.DEFAULTS),
                        "owner",
                        "guest",
                        "hosted",
                        "alone");

        String family = "container_network_transmit_bytes_total";
        assertThat(scrape.all(family, "name", "owner", "interface", "eth0")).hasSize(1);
        for (String name : new String[] {"guest", "hosted", "alone"}) {
            assertThat(scrape.all(family, "name", name)).as(name).isEmpty();
            assertThat(scrape.all("container_memory_usage_bytes", "name", name)).hasSize(1);
        }
        assertThat(scrape.all(family, "id", "/")).isNotEmpty();
    }

    @Test
    void theNetworkOfTheHostIsToldOfAContainerWhenAsked() {
        docker("run", "-d", "--name", "hosted", "--network", "host", WORKLOAD, "sleep", "600");

        Scrape scrape = awaitScrape(belowTheRoot(with(false, true, false, SOON)), "hosted");

        String family = "container_network_receive_packets_total";
        assertThat(scrape.all(family, "name", "hosted"))
                .hasSameSizeAs(scrape.all(family, "id", "/"))
                .isNotEmpty();
    }

    @Test
    void labelsAreWhatTheyAre() {
        String odd = "say \"hi\"\\\n\u2764\uD83D\uDE00";
        docker(
                "run",
                "-d",
                "--name",
                "odd",
                "--label",
                "odd.key-1=" + odd,
                "--label",
                "com.docker.compose.project=shop",
                WORKLOAD,
                "sleep",
                "600");

        HostMetrics.Sample all =
                awaitScrape(belowTheRoot(with(true, false, false, SOON)), "odd")
                        .all("container_last_seen", "name", "odd")
                        .getFirst();

        assertThat(all.label("container_label_odd_key_1")).isEqualTo(odd);
        assertThat(all.label("container_label_com_docker_compose_project")).isEqualTo("shop");
    }

    @Test
    void followsWhatHappensToAContainer() throws IOException {
        docker("run", "-d", "--name", "first", "--memory", "64m", WORKLOAD, "sleep", "600");
        HostMetrics some = belowTheRoot(ContainerSettings.DEFAULTS);
        awaitScrape(some, "first");

        docker("pause", "first");
        Scrape paused = awaitScrape(some, "first");
        assertThat(paused.all("container_memory_usage_bytes", "name", "first")).hasSize(1);
        docker("unpause", "first");

        docker("rename", "first", "second");
        Scrape renamed = awaitScrape(some, "second");
        assertThat(renamed.all("container_last_seen", "name", "first")).isEmpty();

        docker("update", "--memory", "96m", "--memory-swap", "-1", "second");
        Awaitility.await()
                .atMost(SOON)
                .until(
                        () ->
                                some.scrape()
                                                .value(
                                                        "container_spec_memory_limit_bytes",
                                                        "name",
                                                        "second")
                                        == 96 * MEBIBYTE);

        double before = some.scrape().value("container_start_time_seconds", "name", "second");
        docker("restart", "--time", "0", "second");
        Awaitility.await()
                .atMost(SOON)
                .until(
                        () -> some.scrape().all("container_start_time_seconds", "name", "second"),
                        found -> found.size() == 1 && found.getFirst().value() > before);
        assertThat(
                        some.scrape()
                                .value(
                                        "container_network_receive_bytes_total",
                                        "name",
                                        "second",
                                        "interface",
                                        "eth0"))
                .isCloseTo(received("second"), within(2_000.0));

        docker("stop", "--time", "0", "second");
        Awaitility.await()
                .atMost(SOON)
                .until(() -> some.scrape().all("container_last_seen", "name", "second").isEmpty());
        assertThat(some.scrape().value("container_scrape_error")).isZero();
    }

    @Test
    void containersGoOnBeingToldWhileTheEngineIsAway() throws IOException {
        docker("run", "-d", "--name", "lasting", WORKLOAD, "sh", "-c", "while true; do :; done");
        HostMetrics some = belowTheRoot(ContainerSettings.DEFAULTS);
        double before =
                awaitScrape(some, "lasting")
                        .value("container_cpu_usage_seconds_total", "name", "lasting");
        host().killEngine();
        try {
            Awaitility.await()
                    .atMost(SOON)
                    .until(
                            () ->
                                    some.scrape()
                                                    .value(
                                                            "container_cpu_usage_seconds_total",
                                                            "name",
                                                            "lasting")
                                            > before);
            assertThat(some.scrape().all("cadvisor_version_info").getFirst().label("dockerVersion"))
                    .isEqualTo(host().engineVersion());
        } finally {
            host().startEngine();
        }
        docker("run", "-d", "--name", "later", WORKLOAD, "sleep", "600");
        awaitScrape(some, "later");
    }

    @Test
    void slowNumbersComeWithALaterScrape() {
        docker(
                "run",
                "-d",
                "--name",
                "big",
                WORKLOAD,
                "sh",
                "-c",
                "dd if=/dev/zero of=/big bs=1M count=20; sync; sleep 600");
        HostMetrics some = belowTheRoot(with(false, false, true, Duration.ofMillis(200)));
        awaitScrape(some, "big");

        Scrape scrape =
                Awaitility.await()
                        .atMost(SOON)
                        .until(
                                some::scrape,
                                now ->
                                        now.all("container_fs_usage_bytes", "name", "big").stream()
                                                        .anyMatch(
                                                                sample ->
                                                                        sample.value()
                                                                                >= 20 * MEBIBYTE)
                                                && !now.all(
                                                                "container_network_tcp_usage_total",
                                                                "name",
                                                                "big")
                                                        .isEmpty());

        assertThat(scrape.value("container_fs_usage_bytes", "name", "big"))
                .isLessThan(30 * MEBIBYTE);
        assertThat(scrape.value("container_processes", "name", "big")).isBetween(1.0, 2.0);
        assertThat(scrape.value("container_threads", "name", "big")).isBetween(1.0, 2.0);
    }

    /** Containers that come and go faster than anybody scrapes leave nothing behind. */
    @Test
    void nothingIsLeftOfContainersThatAreGone() throws IOException {
        HostMetrics some = belowTheRoot(ContainerSettings.DEFAULTS);
        long before = descriptorsAtRest(some);
        for (int round = 0; round < 5; round++) {
            for (int i = 0; i < 6; i++) {
                docker("run", "-d", "--name", "n" + round + "-" + i, WORKLOAD, "sleep", "600");
            }
            int now = round;
            Awaitility.await().atMost(SOON).until(() -> some.running() == 6);
            assertThat(some.scrape().all("container_last_seen")).hasSize(7);
            assertThat(descriptors()).isGreaterThan(before + 6 * 5);
            for (int i = 0; i < 6; i++) {
                docker("rm", "--force", "n" + now + "-" + i);
                some.scrape();
            }
            Awaitility.await().atMost(SOON).until(() -> some.running() == 0);
            some.scrape();
        }
        Awaitility.await()
                .atMost(SOON)
                .untilAsserted(() -> assertThat(descriptors()).isLessThanOrEqualTo(before + 3));
        assertThat(heldNetworks()).isZero();
    }

    /** As fast as this engine can start and stop any, while somebody scrapes all the time. */
    @Test
    void nothingIsLeftOfContainersThatStartAndStopAllTheTime() throws Exception {
        HostMetrics some = belowTheRoot(ContainerSettings.DEFAULTS);
        long before = descriptorsAtRest(some);
        AtomicInteger starts = new AtomicInteger();
        long end = System.nanoTime() + CHURN.toNanos();
        List<FutureTask<Boolean>> churning = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String name = "churn" + i;
            docker("create", "--name", name, WORKLOAD, "sleep", "600");
            FutureTask<Boolean> churn =
                    new FutureTask<>(
                            () -> {
                                while (System.nanoTime() < end) {
                                    docker("start", name);
                                    docker("kill", name);
                                    starts.incrementAndGet();
                                }
                                return true;
                            });
            Thread.ofPlatform().start(churn);
            churning.add(churn);
        }
        int scrapes = 0;
        while (System.nanoTime() < end) {
            assertThat(some.scrape().all("container_last_seen")).hasSizeBetween(1, 5);
            scrapes++;
        }
        for (FutureTask<Boolean> churn : churning) {
            assertThat(churn.get()).isTrue();
        }
        System.out.printf("%d starts and stops, %d scrapes%n", starts.get(), scrapes);

        Awaitility.await().atMost(SOON).until(() -> some.running() == 0);
        some.scrape();
        assertThat(starts.get()).isGreaterThan(4);
        Awaitility.await()
                .atMost(SOON)
                .untilAsserted(() -> assertThat(descriptors()).isLessThanOrEqualTo(before + 3));
        assertThat(heldNetworks()).isZero();
    }

    /** Open files when a container has come and gone, which opens what stays open. */
    private long descriptorsAtRest(HostMetrics some) throws IOException {
        docker("run", "--rm", "--name", "warm", WORKLOAD, "true");
        some.scrape();
        Awaitility.await().atMost(SOON).until(() -> some.running() == 0);
        some.scrape();
        return descriptors();
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    private static long heldNetworks() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.filter(
                            path -> {
                                try {
                                    String target = Files.readSymbolicLink(path).toString();
                                    return target.matches("/proc/.*/net/.*|.*net:\\[.*");
                                } catch (IOException e) {
                                    return false;
                                }
                            })
                    .count();
        }
    }
}
