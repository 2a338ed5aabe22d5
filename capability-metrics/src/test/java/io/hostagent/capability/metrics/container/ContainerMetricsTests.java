// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hostagent.capability.metrics.sample.SampleSet;
import io.hostagent.capability.metrics.scrape.ScrapeRequest;
import io.hostagent.core.docker.ContainerDetails;
import io.hostagent.core.fixture.RecordedHost;
import io.hostagent.core.kernel.HostFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.util.FileSystemUtils;

class ContainerMetricsTests {

    private static final long SECOND = 1_000_000_000L;

    @TempDir private Path folder = Path.of("");

    private final List<ContainerDetails> containers = new ArrayList<>(List.of(Subjects.recorded()));
    private final List<ContainerMetrics> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(ContainerMetrics::close);
    }

    private ContainerMetrics metrics(HostFiles files, ContainerSettings settings) {
        ContainerMetrics metrics =
                new ContainerMetrics(
                        () -> files, this::containers, () -> "29.0", "1.2.3", settings);
        opened.add(metrics);
        return metrics;
    }

    private Collection<ContainerDetails> containers() {
        return List.copyOf(containers);
    }

    private RecordedHost host(String cgroups) {
        return RecordedHost.in(folder)
                .with("container/host.tree")
                .with("container/" + cgroups + ".tree");
    }

    private static Samples scrape(ContainerMetrics metrics) {
        return Samples.of(metrics.scrape(ScrapeRequest.ALL, System.nanoTime() + 10 * SECOND));
    }

    private Samples scrape(String cgroups) {
        return scrape(metrics(host(cgroups).files(), ContainerSettings.DEFAULTS));
    }

    @Test
    void readsVersion1() {
        Samples samples = scrape("v1");

        assertThat(samples.all())
                .containsEntry("container_cpu_usage_seconds_total{cpu=total}", 0.076780427)
                .containsEntry("container_cpu_user_seconds_total", 0.06)
                .containsEntry("container_cpu_system_seconds_total", 0.01)
                .containsEntry("container_spec_cpu_quota", 50_000.0)
                .containsEntry("container_spec_cpu_period", 100_000.0)
                .containsEntry("container_spec_cpu_shares", 512.0)
                .containsEntry("container_cpu_cfs_periods_total", 3.0)
                .containsEntry("container_cpu_cfs_throttled_seconds_total", 0.0)
                .containsEntry("container_spec_memory_limit_bytes", 67_108_864.0)
                .containsEntry("container_spec_memory_swap_limit_bytes", 0.0)
                .containsEntry("container_spec_memory_reservation_limit_bytes", 33_554_432.0)
                .containsEntry("container_memory_usage_bytes", 393_216.0)
                .containsEntry("container_memory_working_set_bytes", 393_216.0 - 4_096)
                .containsEntry("container_memory_rss", 110_592.0)
                .containsEntry("container_memory_cache", 110_592.0)
                .containsEntry("container_memory_max_usage_bytes", 851_968.0)
                .containsEntry("container_memory_kernel_usage", 69_632.0)
                .containsEntry("container_memory_workingset_refault_file_total", 5.0)
                .containsEntry("container_memory_total_active_file_bytes", 106_496.0)
                .containsEntry(
                        "container_memory_failures_total{failure_type=pgmajfault,scope=hierarchy}",
                        1.0)
                .containsEntry("container_oom_events_total", 0.0)
                .containsEntry("container_pressure_cpu_waiting_seconds_total", 0.013134)
                .containsEntry("container_pressure_io_stalled_seconds_total", 0.001997)
                .containsEntry("container_fs_reads_bytes_total{device=/dev/vda}", 4_198_400.0)
                .containsEntry("container_fs_writes_total{device=/dev/vda}", 128.0)
                .containsEntry(
                        "container_blkio_device_usage_total"
                                + "{device=/dev/vda,major=254,minor=0,operation=Async}",
                        4_096.0)
                .containsEntry("container_scrape_error", 0.0)
                .doesNotContainKey("container_memory_events_max_total");
        assertNetworkOf(samples);
        assertLifeOf(samples);
        assertHostOf(samples);
        assertThat(samples.get("container_memory_usage_bytes{id=/}")).isEqualTo(5_329_784_832.0);
    }

    @Test
    void readsVersion2() {
        Samples samples = scrape("v2");

        assertThat(samples.all())
                .containsEntry("container_cpu_usage_seconds_total{cpu=total}", 76.780427)
                .containsEntry("container_cpu_user_seconds_total", 60.0)
                .containsEntry("container_cpu_system_seconds_total", 16.780427)
                .containsEntry("container_spec_cpu_quota", 50_000.0)
                .containsEntry("container_spec_cpu_period", 100_000.0)
                .containsEntry("container_spec_cpu_shares", 2_597.0)
                .containsEntry("container_cpu_cfs_periods_total", 300.0)
                .containsEntry("container_cpu_cfs_throttled_periods_total", 20.0)
                .containsEntry("container_cpu_cfs_throttled_seconds_total", 1.5)
                .containsEntry("container_cpu_cfs_burst_periods_total", 4.0)
                .containsEntry("container_cpu_cfs_burst_seconds_total", 0.25)
                .containsEntry("container_spec_memory_limit_bytes", 67_108_864.0)
                .containsEntry("container_spec_memory_swap_limit_bytes", 0.0)
                .containsEntry("container_spec_memory_reservation_limit_bytes", 33_554_432.0)
                .containsEntry("container_memory_usage_bytes", 52_428_800.0)
                .containsEntry("container_memory_working_set_bytes", 36_700_160.0)
                .containsEntry("container_memory_rss", 20_971_520.0)
                .containsEntry("container_memory_cache", 25_165_824.0)
                .containsEntry("container_memory_swap", 4_096.0)
                .containsEntry("container_memory_mapped_file", 8_388_608.0)
                .containsEntry("container_memory_kernel_usage", 3_145_728.0)
                .containsEntry("container_memory_max_usage_bytes", 62_914_560.0)
                .containsEntry("container_memory_failcnt", 0.0)
                .containsEntry("container_memory_events_high_total", 3.0)
                .containsEntry("container_memory_events_max_total", 9.0)
                .containsEntry("container_oom_events_total", 1.0)
                .containsEntry("container_memory_file_dirty_bytes", 8_192.0)
                .containsEntry("container_memory_pgscan_total", 500.0)
                .containsEntry("container_memory_pgsteal_total", 400.0)
                .containsEntry("container_memory_workingset_refault_anon_total", 7.0)
                .containsEntry(
                        "container_memory_failures_total{failure_type=pgfault,scope=container}",
                        12_345.0)
                .containsEntry("container_pressure_cpu_waiting_seconds_total", 1.5)
                .containsEntry("container_pressure_memory_stalled_seconds_total", 1.25)
                .containsEntry("container_pressure_io_waiting_seconds_total", 3.5)
                .containsEntry("container_fs_reads_bytes_total{device=/dev/vda}", 4_198_400.0)
                .containsEntry("container_fs_writes_total{device=/dev/vda}", 128.0)
                .containsEntry("container_fs_io_cost_usage_seconds_total{device=/dev/vda}", 5.0)
                .containsEntry(
                        "container_blkio_device_usage_total"
                                + "{device=/dev/vda,major=254,minor=0,operation=Write}",
                        8_388_608.0)
                .containsEntry("container_scrape_error", 0.0);
        assertNetworkOf(samples);
        assertLifeOf(samples);
        assertHostOf(samples);
        assertThat(samples.get("container_memory_usage_bytes{id=/}"))
                .isEqualTo(2_018_770_944.0 + 4_815_732_736.0);
        assertThat(samples.get("container_memory_swap{id=/}")).isEqualTo(96 * 1024.0);
    }

    private static void assertNetworkOf(Samples samples) {
        assertThat(samples.all())
                .containsEntry("container_network_receive_bytes_total{interface=eth0}", 557_815.0)
                .containsEntry("container_network_receive_packets_total{interface=eth0}", 829.0)
                .containsEntry("container_network_receive_errors_total{interface=eth0}", 1.0)
                .containsEntry(
                        "container_network_receive_packets_dropped_total{interface=eth0}", 2.0)
                .containsEntry("container_network_transmit_bytes_total{interface=eth0}", 268_231.0)
                .containsEntry("container_network_transmit_packets_total{interface=eth0}", 981.0)
                .containsEntry("container_network_transmit_errors_total{interface=eth0}", 3.0)
                .containsEntry(
                        "container_network_transmit_packets_dropped_total{interface=eth0}", 4.0)
                .doesNotContainKey("container_network_receive_bytes_total{interface=lo}");
    }

    private static void assertLifeOf(Samples samples) {
        assertThat(samples.all())
                .containsEntry("container_start_time_seconds", 1_700_000_060.0)
                .containsEntry("container_creation_time_seconds", 1_700_000_000.0)
                .containsEntry("container_health_state", 1.0)
                .containsEntry("container_tasks_state{state=sleeping}", 0.0)
                .containsEntry("container_cpu_load_average_10s", 0.0);
        assertThat(samples.get("container_last_seen"))
                .isCloseTo((double) Instant.now().getEpochSecond(), within(2.0));
    }

    private static void assertHostOf(Samples samples) {
        String machine =
                "{boot_id=0e9b5b0e-7a4d-4b5e-9d2e-3f0d2c1b0a99,"
                        + "machine_id=3d1219c7c4c5404aaa1f6d2a48adfda4}";
        assertThat(samples.all())
                .containsEntry("machine_cpu_cores" + machine, 4.0)
                .containsEntry("machine_cpu_physical_cores" + machine, 2.0)
                .containsEntry("machine_cpu_sockets" + machine, 1.0)
                .containsEntry("machine_memory_bytes" + machine, 8_139_064 * 1024.0)
                .containsEntry("machine_swap_bytes" + machine, 2_097_148 * 1024.0)
                .containsEntry("machine_scrape_error", 0.0)
                .containsEntry(
                        "cadvisor_version_info{cadvisorVersion=1.2.3,dockerVersion=29.0,"
                                + "kernelVersion=6.18.44,"
                                + "osVersion=Debian GNU/Linux 12 (bookworm)}",
                        1.0)
                .containsEntry("container_spec_memory_limit_bytes{id=/}", 8_139_064 * 1024.0)
                .containsEntry(
                        "container_network_receive_bytes_total{id=/,interface=eth0}", 441_603_613.0)
                .containsEntry("container_fs_reads_total{device=/dev/vda,id=/}", 4_000.0)
                .containsEntry(
                        "container_fs_reads_bytes_total{device=/dev/vda,id=/}", 163_840_000.0)
                .containsEntry("container_fs_write_seconds_total{device=/dev/vda,id=/}", 4.5)
                .containsEntry("container_fs_io_time_seconds_total{device=/dev/vda,id=/}", 5.0)
                .containsEntry("container_fs_io_current{device=/dev/vda,id=/}", 2.0);
        assertThat(samples.family("container_network_receive_bytes_total")).hasSize(2);
        assertThat(samples.get("container_fs_limit_bytes{device=/dev/vda,id=/}"))
                .isGreaterThan(samples.get("container_fs_usage_bytes{device=/dev/vda,id=/}"));
    }

    @Test
    void tellsProcessorsApartWhenAsked() {
        ContainerSettings defaults = ContainerSettings.DEFAULTS;
        ContainerSettings perCpu =
                new ContainerSettings(
                        defaults.labels(),
                        false,
                        defaults.environment(),
                        true,
                        false,
                        false,
                        defaults.diskUsage(),
                        defaults.sockets(),
                        defaults.processes());

        Samples samples = scrape(metrics(host("v1").files(), perCpu));

        assertThat(samples.all())
                .containsEntry("container_cpu_usage_seconds_total{cpu=cpu00}", 0.069851576)
                .containsEntry("container_cpu_usage_seconds_total{cpu=cpu01}", 0.006928851)
                .doesNotContainKey("container_cpu_usage_seconds_total{cpu=total}");
    }

    @Test
    void leavesOutWhatTheKernelDoesNotHave() throws IOException {
        HostFiles files = host("v1").files();
        FileSystemUtils.deleteRecursively(folder.resolve("sys/fs/cgroup/memory"));
        FileSystemUtils.deleteRecursively(folder.resolve("sys/fs/cgroup/blkio"));
        FileSystemUtils.deleteRecursively(folder.resolve("sys/fs/cgroup/unified"));

        Samples samples = scrape(metrics(files, ContainerSettings.DEFAULTS));

        assertThat(samples.all())
                .containsKey("container_cpu_usage_seconds_total{cpu=total}")
                .containsEntry("container_scrape_error", 0.0)
                .doesNotContainKeys(
                        "container_memory_usage_bytes",
                        "container_spec_memory_limit_bytes",
                        "container_pressure_cpu_waiting_seconds_total");
        assertThat(samples.families()).doesNotContain("container_blkio_device_usage_total");
    }

    @Test
    void losesOneFamilyToAMalformedFile() throws IOException {
        HostFiles files = host("v2").files();
        Path scope = folder.resolve("sys/fs/cgroup/system.slice/docker-" + Subjects.ID + ".scope");
        Files.writeString(scope.resolve("memory.current"), "a lot\n");

        Samples samples = scrape(metrics(files, ContainerSettings.DEFAULTS));

        assertThat(samples.all())
                .doesNotContainKey("container_memory_usage_bytes")
                .containsEntry("container_memory_rss", 20_971_520.0)
                .containsEntry("container_cpu_usage_seconds_total{cpu=total}", 76.780427)
                .containsEntry("container_scrape_error", 1.0);
    }

    @Test
    void tellsANetworkOnceAndOfItsOwner() {
        HostFiles files = host("v2").files();
        ContainerMetrics metrics = metrics(files, ContainerSettings.DEFAULTS);
        for (String mode : List.of("host", "container:" + Subjects.ID)) {
            containers.clear();
            containers.add(Subjects.container(Subjects.ID, Subjects.PID, mode, Map.of()));

            Samples samples = scrape(metrics);

            assertThat(samples.family("container_network_receive_bytes_total"))
                    .containsOnlyKeys("container_network_receive_bytes_total{id=/,interface=eth0}");
            assertThat(samples.all()).containsKey("container_memory_usage_bytes");
        }
    }

    @Test
    void followsContainersThatEndAndStart() {
        ContainerMetrics metrics = metrics(host("v2").files(), ContainerSettings.DEFAULTS);
        assertThat(scrape(metrics).all()).containsKey("container_last_seen");

        containers.clear();
        assertThat(scrape(metrics).all())
                .doesNotContainKey("container_last_seen")
                .containsKey("container_last_seen{id=/}");

        containers.add(Subjects.recorded());
        assertThat(scrape(metrics).all()).containsKey("container_last_seen");
    }

    @Test
    void missesAContainerWithoutACgroupOnlyWhenItStays() {
        containers.add(Subjects.container("a".repeat(64), 4_712, "bridge", Map.of()));
        ContainerMetrics metrics = metrics(host("v2").files(), ContainerSettings.DEFAULTS);

        Samples first = scrape(metrics);

        assertThat(first.family("container_last_seen")).hasSize(2);
        assertThat(first.get("container_scrape_error")).isZero();
    }

    @Test
    void leavesOutWhatIsNotReadInTime() {
        ContainerMetrics metrics = metrics(host("v2").files(), ContainerSettings.DEFAULTS);

        List<SampleSet> late = metrics.scrape(ScrapeRequest.ALL, System.nanoTime() - SECOND);

        assertThat(Samples.of(late).all())
                .containsEntry("container_scrape_error", 1.0)
                .doesNotContainKey("container_last_seen");
    }

    @Test
    void saysWhatIsMissing() {
        RecordedHost none = RecordedHost.in(folder).with("container/host.tree");

        assertThat(ContainerMetrics.missing(none.files()))
                .hasValueSatisfying(
                        absence -> {
                            assertThat(absence.why()).contains("sys/fs/cgroup");
                            assertThat(absence.remedy()).contains("-v /:/host:ro");
                        });
        ContainerMetrics metrics = metrics(none.files(), ContainerSettings.DEFAULTS);
        assertThat(scrape(metrics).all())
                .containsEntry("container_scrape_error", 1.0)
                .containsEntry("machine_scrape_error", 0.0);

        none.with("container/v2.tree");
        assertThat(ContainerMetrics.missing(none.files())).isEmpty();
        assertThat(scrape(metrics).all())
                .containsEntry("container_scrape_error", 0.0)
                .containsKey("container_last_seen");
    }

    @Test
    void readsTheSameWithoutDescriptorsToKeep() {
        HostFiles files = host("v2").files();
        Descriptors none = new Descriptors(0);
        ContainerMetrics metrics =
                new ContainerMetrics(
                        () -> files,
                        this::containers,
                        () -> "29.0",
                        "1.2.3",
                        ContainerSettings.DEFAULTS,
                        none);
        opened.add(metrics);
        ContainerMetrics keeping = metrics(files, ContainerSettings.DEFAULTS);

        Map<String, Double> opening = scrape(metrics).all();
        Map<String, Double> kept = scrape(keeping).all();

        assertThat(opening.keySet()).isEqualTo(kept.keySet());
        assertThat(opening).containsEntry("container_memory_rss", 20_971_520.0);
    }

    /** A container without a limit cannot meet it: what was counted before is told, and stays. */
    @ParameterizedTest
    @CsvSource({"67108864, 5", "9223372036854771712, 3"})
    void tellsHowOftenALimitWasMet(String limit, double then) throws IOException {
        HostFiles files = host("v1").files();
        Path cgroup = folder.resolve("sys/fs/cgroup/memory/docker/" + Subjects.ID);
        Files.writeString(cgroup.resolve("memory.limit_in_bytes"), limit + "\n");
        Files.writeString(cgroup.resolve("memory.failcnt"), "3\n");
        ContainerMetrics metrics = metrics(files, ContainerSettings.DEFAULTS);

        assertThat(scrape(metrics).all()).containsEntry("container_memory_failcnt", 3.0);
        Files.writeString(cgroup.resolve("memory.failcnt"), "5\n");

        assertThat(scrape(metrics).all()).containsEntry("container_memory_failcnt", then);
    }

    @Test
    void givesBackWhatItKeptOpen() {
        HostFiles files = host("v1").files();
        Descriptors budget = new Descriptors(1_000);
        ContainerMetrics metrics =
                new ContainerMetrics(
                        () -> files,
                        this::containers,
                        () -> "",
                        "1.2.3",
                        ContainerSettings.DEFAULTS,
                        budget);
        opened.add(metrics);

        scrape(metrics);
        assertThat(budget.left()).isEqualTo(1_000 - CgroupV1.FILES);
        containers.clear();
        scrape(metrics);

        assertThat(budget.left()).isEqualTo(1_000);
    }

    @Test
    void readsServicesAndSlicesWhenAsked() {
        ContainerSettings defaults = ContainerSettings.DEFAULTS;
        ContainerSettings all =
                new ContainerSettings(
                        defaults.labels(),
                        false,
                        defaults.environment(),
                        false,
                        true,
                        false,
                        defaults.diskUsage(),
                        defaults.sockets(),
                        defaults.processes());
        RecordedHost host =
                host("v2")
                        .file(
                                "sys/fs/cgroup/system.slice/ssh.service/cpu.stat",
                                "usage_usec 5000000\nuser_usec 3000000\nsystem_usec 2000000\n")
                        .file("sys/fs/cgroup/system.slice/cpu.stat", "usage_usec 6000000\n")
                        .file("sys/fs/cgroup/system.slice/tmp.mount/cpu.stat", "usage_usec 1\n");
        containers.clear();

        List<SampleSet> sets =
                metrics(host.files(), all)
                        .scrape(ScrapeRequest.ALL, System.nanoTime() + 10 * SECOND);

        List<String> ids = new ArrayList<>();
        sets.stream()
                .flatMap(set -> set.families().stream())
                .filter(family -> family.family().name().equals("container_last_seen"))
                .forEach(
                        family -> {
                            for (int i = 0; i < family.size(); i++) {
                                ids.add(family.subject(i).all().getFirst().value());
                            }
                        });
        assertThat(ids)
                .containsExactlyInAnyOrder("/", "/system.slice", "/system.slice/ssh.service");
    }
}
