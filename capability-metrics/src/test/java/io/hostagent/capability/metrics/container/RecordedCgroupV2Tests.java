// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hostagent.capability.metrics.scrape.ScrapeRequest;
import io.hostagent.core.docker.ContainerDetails;
import io.hostagent.core.fixture.RecordedHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Cgroups that were recorded on a kernel with version 2, two as Docker's driver {@code cgroupfs}
 * names them and two as {@code systemd} does. What is wanted is read from the same files by the
 * test.
 */
class RecordedCgroupV2Tests {

    private static final String BUSY =
            "docker/ba4a338eb2b84fee167ab5feee96ebf6479f4580b8c619832856c5a14eb58d04";
    private static final String WRITING =
            "docker/10134ec4db4196ee2a3484d0705e038a0f50a32caf52cfb3eb03feaf19e298c3";

    @TempDir private Path folder = Path.of("");

    private RecordedHost host = RecordedHost.in(folder);

    /** The names of devices are links, of which the recording has the other end only. */
    @BeforeEach
    void unpack() throws IOException {
        host = RecordedHost.in(folder).with("cgroup-v2.tree");
        Path names = Files.createDirectories(host.sys().resolve("dev/block"));
        Files.createSymbolicLink(
                names.resolve("254:0"),
                Path.of("../../devices/pci0000:00/0000:00:03.0/virtio1/block/vda"));
    }

    /** All four, as the recording has them. */
    private List<Path> cgroups() throws IOException {
        try (Stream<Path> all = Files.walk(host.sys().resolve("fs/cgroup"))) {
            return all.filter(Files::isDirectory)
                    .filter(path -> id(path).matches("[0-9a-f]{64}"))
                    .sorted()
                    .toList();
        }
    }

    private static String id(Path cgroup) {
        return String.valueOf(cgroup.getFileName())
                .replaceFirst("^docker-", "")
                .replaceFirst("\\.scope$", "");
    }

    private Samples scrape(Path cgroup) throws IOException {
        int pid = Integer.parseInt(text(cgroup, "cgroup.procs").lines().findFirst().orElse("0"));
        List<ContainerDetails> one =
                List.of(Subjects.container(id(cgroup), pid, "bridge", Map.of()));
        try (ContainerMetrics metrics =
                new ContainerMetrics(
                        host::files,
                        () -> one,
                        () -> "26.1",
                        "1.2.3",
                        ContainerSettings.DEFAULTS)) {
            return Samples.of(
                    metrics.scrape(
                            ScrapeRequest.ALL,
                            System.nanoTime() + Duration.ofSeconds(10).toNanos()));
        }
    }

    private static String text(Path cgroup, String file) throws IOException {
        return Files.readString(cgroup.resolve(file));
    }

    private static double number(Path cgroup, String file) throws IOException {
        String text = text(cgroup, file).strip();
        return text.equals("max") ? 0 : Double.parseDouble(text);
    }

    private static Map<String, Double> keyed(Path cgroup, String file) throws IOException {
        Map<String, Double> values = new HashMap<>();
        for (String line : text(cgroup, file).lines().toList()) {
            String[] fields = line.split(" ", -1);
            values.put(fields[0], Double.parseDouble(fields[1]));
        }
        return values;
    }

    private static double value(Map<String, Double> values, String key) {
        return Objects.requireNonNull(values.get(key), key);
    }

    /** Microseconds that something waited, see Documentation/accounting/psi.rst. */
    private static double pressure(Path cgroup, String what, String who) throws IOException {
        String line =
                text(cgroup, what + ".pressure")
                        .lines()
                        .filter(each -> each.startsWith(who + " "))
                        .findFirst()
                        .orElseThrow();
        return Double.parseDouble(line.substring(line.indexOf("total=") + 6));
    }

    @Test
    void eachIsTold() throws IOException {
        assertThat(cgroups()).hasSize(4);
        assertThat(cgroups().stream().filter(path -> path.toString().endsWith(".scope")))
                .hasSize(2);
        for (Path cgroup : cgroups()) {
            Samples samples = scrape(cgroup);
            assertThat(samples.get("container_scrape_error")).as("%s", cgroup).isZero();
            assertCpu(cgroup, samples);
            assertMemory(cgroup, samples);
            assertPressure(cgroup, samples);
            assertSpecification(cgroup, samples);
        }
    }

    private static void assertCpu(Path cgroup, Samples samples) throws IOException {
        Map<String, Double> cpu = keyed(cgroup, "cpu.stat");
        Map<String, String> seconds =
                Map.of(
                        "container_cpu_usage_seconds_total{cpu=total}", "usage_usec",
                        "container_cpu_user_seconds_total", "user_usec",
                        "container_cpu_system_seconds_total", "system_usec");
        seconds.forEach(
                (name, key) ->
                        assertThat(samples.get(name))
                                .as(name)
                                .isEqualTo(value(cpu, key) / 1e6, within(1e-9)));
    }

    private static void assertMemory(Path cgroup, Samples samples) throws IOException {
        Map<String, Double> memory = keyed(cgroup, "memory.stat");
        double usage = number(cgroup, "memory.current");
        Map<String, Double> wanted = new HashMap<>();
        wanted.put("container_memory_usage_bytes", usage);
        wanted.put(
                "container_memory_working_set_bytes",
                Math.max(0, usage - value(memory, "inactive_file")));
        wanted.put("container_memory_max_usage_bytes", number(cgroup, "memory.peak"));
        wanted.put("container_memory_rss", value(memory, "anon"));
        wanted.put("container_memory_cache", value(memory, "file"));
        wanted.put("container_memory_mapped_file", value(memory, "file_mapped"));
        wanted.put("container_memory_swap", number(cgroup, "memory.swap.current"));
        wanted.put("container_memory_total_active_file_bytes", value(memory, "active_file"));
        wanted.put("container_memory_total_inactive_file_bytes", value(memory, "inactive_file"));
        wanted.put(
                "container_memory_failures_total{failure_type=pgfault,scope=container}",
                value(memory, "pgfault"));
        wanted.put(
                "container_memory_failures_total{failure_type=pgmajfault,scope=container}",
                value(memory, "pgmajfault"));
        wanted.put("container_oom_events_total", value(keyed(cgroup, "memory.events"), "oom_kill"));
        assertThat(samples.all()).containsAllEntriesOf(wanted);
    }

    private static void assertPressure(Path cgroup, Samples samples) throws IOException {
        for (String what : List.of("cpu", "memory", "io")) {
            assertThat(samples.get("container_pressure_" + what + "_waiting_seconds_total"))
                    .isEqualTo(pressure(cgroup, what, "some") / 1e6, within(1e-9));
            assertThat(samples.get("container_pressure_" + what + "_stalled_seconds_total"))
                    .isEqualTo(pressure(cgroup, what, "full") / 1e6, within(1e-9));
        }
    }

    private static void assertSpecification(Path cgroup, Samples samples) throws IOException {
        assertThat(samples.get("container_spec_memory_limit_bytes"))
                .isEqualTo(number(cgroup, "memory.max"));
        assertThat(samples.get("container_spec_cpu_period"))
                .isEqualTo(Double.parseDouble(text(cgroup, "cpu.max").strip().split(" ", -1)[1]));
    }

    /** The last field is that of {@code io.stat}; the device is the one of {@code diskstats}. */
    @ParameterizedTest
    @CsvSource({
        WRITING + ", container_fs_writes_bytes_total{device=/dev/vda}, wbytes",
        WRITING + ", container_fs_writes_total{device=/dev/vda}, wios",
        WRITING + ", container_fs_reads_bytes_total{device=/dev/vda}, rbytes",
    })
    void tellsOfDevices(String name, String sample, String key) throws IOException {
        Path cgroup = host.sys().resolve("fs/cgroup").resolve(name);
        String line = text(cgroup, "io.stat");
        double wanted =
                Stream.of(line.strip().split(" ", -1))
                        .filter(field -> field.startsWith(key + "="))
                        .mapToDouble(field -> Double.parseDouble(field.substring(key.length() + 1)))
                        .findFirst()
                        .orElseThrow();

        assertThat(scrape(cgroup).get(sample)).isEqualTo(wanted);
    }

    @Test
    void tellsOfTheNetworkOfTheFirstProcess() throws IOException {
        Path cgroup = host.sys().resolve("fs/cgroup").resolve(BUSY);
        String pid = text(cgroup, "cgroup.procs").lines().findFirst().orElseThrow();
        Path devices = host.root().resolve("proc").resolve(pid).resolve("net/dev");
        Samples samples = scrape(cgroup);

        for (String line : Files.readAllLines(devices)) {
            String[] fields = line.strip().split("[:\\s]+", -1);
            if (line.contains("|") || fields[0].matches("lo|veth.*")) {
                continue;
            }
            assertThat(
                            samples.get(
                                    "container_network_receive_bytes_total{interface="
                                            + fields[0]
                                            + "}"))
                    .isEqualTo(Double.parseDouble(fields[1]));
        }
    }
}
