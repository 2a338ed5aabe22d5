// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.sun.management.OperatingSystemMXBean;
import io.hostagent.capability.metrics.scrape.ScrapeRequest;
import io.hostagent.core.fixture.SilentMount;
import io.hostagent.core.host.HostRoot;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** All collectors on the machine that runs the tests, against what Java itself can tell of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NodeOfThisMachineTests {

    private final NodeMetrics metrics =
            new NodeMetrics(NodeSettings.DEFAULTS, new HostRoot(), "1", EngineName.NOBODY);
    private Collected found = new Collected(Map.of(), Map.of());

    @BeforeAll
    void scrape() {
        found = again();
    }

    private Collected again() {
        return Collected.of(
                metrics.scrape(
                        ScrapeRequest.ALL, System.nanoTime() + Duration.ofSeconds(30).toNanos()));
    }

    private double sum(String beginning) {
        return found.values().entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(beginning))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    @Test
    void findsWhatEveryLinuxHas() {
        for (String collector :
                List.of(
                        "cpu",
                        "cpufreq",
                        "diskstats",
                        "edac",
                        "entropy",
                        "filefd",
                        "filesystem",
                        "loadavg",
                        "meminfo",
                        "os",
                        "selinux",
                        "softnet",
                        "stat",
                        "time",
                        "timex",
                        "uname",
                        "vmstat")) {
            assertThat(
                            found.value(
                                    "node_scrape_collector_success{collector=\""
                                            + collector
                                            + "\"}"))
                    .as(collector)
                    .isEqualTo(1);
        }
    }

    @Test
    void countsTheProcessors() {
        long processors =
                found.values().keySet().stream()
                        .filter(key -> key.startsWith("node_cpu_seconds_total"))
                        .filter(key -> key.contains("mode=\"idle\""))
                        .count();

        assertThat(processors).isGreaterThanOrEqualTo(Runtime.getRuntime().availableProcessors());
        double up = found.value("node_time_seconds") - found.value("node_boot_time_seconds");
        assertThat(sum("node_cpu_seconds_total{")).isBetween(up * 0.5, processors * up * 1.1);
    }

    @Test
    void knowsTheMemory() {
        OperatingSystemMXBean system =
                (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

        assertThat(found.value("node_memory_MemTotal_bytes"))
                .isGreaterThanOrEqualTo((double) system.getTotalMemorySize());
        assertThat(found.value("node_memory_MemAvailable_bytes"))
                .isBetween(0.0, found.value("node_memory_MemTotal_bytes"));
    }

    @Test
    void knowsTheLoad() {
        assertThat(found.value("node_load1"))
                .isCloseTo(
                        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                        within(3.0));
    }

    @Test
    void knowsTheRoomOfTheRoot() throws IOException {
        FileStore root = Files.getFileStore(Path.of("/"));
        String key =
                found.values().keySet().stream()
                        .filter(one -> one.startsWith("node_filesystem_size_bytes"))
                        .filter(one -> one.contains("mountpoint=\"/\""))
                        .findFirst()
                        .orElseThrow();

        assertThat(key).contains("fstype=\"" + root.type() + "\"");
        assertThat(found.value(key)).isEqualTo((double) root.getTotalSpace());
        assertThat(found.value(key.replace("size_bytes", "avail_bytes")))
                .isCloseTo((double) root.getUsableSpace(), within(1e9));
    }

    @Test
    @Timeout(60)
    void isNotHeldUpByAServerThatIsGone(@TempDir Path folder) throws IOException {
        Assumptions.assumeTrue(
                "root".equals(System.getProperty("user.name")), "mounting needs root");
        Path point = folder.toRealPath();
        String error =
                "node_filesystem_device_error{device=\"silent\",device_error=\"mountpoint timeout\""
                        + ",fstype=\"fuse\",mountpoint=\"%s\"}".formatted(point);
        try (SilentMount _ = SilentMount.at(point)) {
            for (int scrape = 0; scrape < 3; scrape++) {
                Collected now = again();

                assertThat(now.value(error)).isEqualTo(1);
                assertThat(now.value("node_scrape_collector_success{collector=\"filesystem\"}"))
                        .isEqualTo(1);
                assertThat(now.values().keySet())
                        .filteredOn(key -> key.startsWith("node_filesystem_size_bytes"))
                        .anyMatch(key -> key.contains("mountpoint=\"/\""))
                        .noneMatch(key -> key.contains(point.toString()));
            }
            // The one that hangs stays; whoever has asked the other file systems ends a bit later.
            await().untilAsserted(
                            () ->
                                    assertThat(Thread.getAllStackTraces().keySet())
                                            .filteredOn(
                                                    thread ->
                                                            thread.getName()
                                                                    .startsWith("agent-statvfs"))
                                            .hasSizeLessThanOrEqualTo(1));
        }

        assertThat(again().values()).doesNotContainKey(error);
    }

    @Test
    void knowsTheTimeAndWhenTheMachineStarted() throws IOException {
        double now = System.currentTimeMillis() / 1e3;
        double up = Double.parseDouble(Files.readString(Path.of("/proc/uptime")).split(" ", 2)[0]);

        assertThat(found.value("node_time_seconds")).isCloseTo(now, within(60.0));
        assertThat(found.value("node_boot_time_seconds")).isCloseTo(now - up, within(5.0));
    }

    @Test
    void knowsTheKernelAndTheName() throws IOException {
        assertThat(found.key("node_uname_info"))
                .contains(
                        "release=\"" + System.getProperty("os.version") + "\"",
                        "nodename=\"" + InetAddress.getLocalHost().getHostName() + "\"",
                        "sysname=\"Linux\"");
    }

    @Test
    void seesDisksThatWereWrittenTo() throws IOException {
        String written = found.key("node_disk_written_bytes_total");
        String device = written.replaceAll(".*device=\"([^\"]*)\".*", "$1");
        double sectors =
                Files.readAllLines(Path.of("/proc/diskstats")).stream()
                        .map(line -> line.strip().split("\\s+"))
                        .filter(fields -> fields[2].equals(device))
                        .mapToDouble(fields -> Double.parseDouble(fields[9]))
                        .findFirst()
                        .orElseThrow();

        assertThat(found.value(written)).isBetween(sectors * 512 - 2e9, sectors * 512);
    }

    @Test
    void countsOnlyUpwards() {
        Collected later = again();

        found.types()
                .forEach(
                        (name, type) -> {
                            if (type.equals("counter")) {
                                found.values().keySet().stream()
                                        .filter(key -> key.replaceAll("\\{.*", "").equals(name))
                                        .forEach(
                                                key ->
                                                        assertThat(later.value(key))
                                                                .as(key)
                                                                .isGreaterThanOrEqualTo(
                                                                        found.value(key)));
                            }
                        });
        assertThat(later.value("node_context_switches_total"))
                .isGreaterThan(found.value("node_context_switches_total"));
    }
}
