// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.self;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.capability.metrics.sample.FamilySamples;
import io.hostagent.capability.metrics.sample.SampleSet;
import io.hostagent.capability.metrics.scrape.ScrapeRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessSourceTests {

    @Test
    void tellsWhatItsOwnProcessUses() {
        Map<String, Double> samples = samples(new ProcessSource());
        double now = System.currentTimeMillis() / 1e3;

        assertThat(samples)
                .containsOnlyKeys(
                        "agent_process_unread_files",
                        "process_cpu_seconds_total",
                        "process_max_fds",
                        "process_open_fds",
                        "process_resident_memory_bytes",
                        "process_start_time_seconds",
                        "process_virtual_memory_bytes",
                        "process_virtual_memory_max_bytes");
        assertThat(samples.get("agent_process_unread_files")).isZero();
        assertThat(samples.get("process_start_time_seconds")).isBetween(now - 3_600, now);
        double started = ProcessHandle.current().info().startInstant().orElseThrow().toEpochMilli();
        assertThat(samples.get("process_start_time_seconds"))
                .isBetween(started / 1e3 - 2, started / 1e3 + 2);
        assertThat(samples.get("process_open_fds")).isBetween(5.0, 10_000.0);
        assertThat(samples.get("process_resident_memory_bytes")).isGreaterThan(16 << 20);
    }

    @Test
    void readsWhatTheKernelWrites(@TempDir Path proc) throws IOException {
        Path self = Files.createDirectories(proc.resolve("self"));
        Files.writeString(
                self.resolve("stat"),
                "26231 (a ) b) R 5392 7446 5392 34835 7446 4218880 32533 309516 26 82 1677 44 158 99"
                        + " 20 0 1 0 82375 56274944 1981 18446744073709551615\n");
        Files.writeString(proc.resolve("stat"), "cpu 1 2\nbtime 1700000000\nprocesses 5\n");
        Files.writeString(
                self.resolve("status"), "Name:\tjava\nVmSize:\t   1000 kB\nVmRSS:\t     10 kB\n");
        Files.writeString(
                self.resolve("limits"),
                """
                Limit                     Soft Limit           Hard Limit           Units
                Max open files            1024                 524288               files
                Max address space         unlimited            unlimited            bytes
                """);
        Files.createDirectories(self.resolve("fd"));

        assertThat(samples(new ProcessSource(proc)))
                .containsEntry("process_cpu_seconds_total", 17.21)
                .containsEntry("process_start_time_seconds", 1_700_000_823.75)
                .containsEntry("process_resident_memory_bytes", 10_240.0)
                .containsEntry("process_virtual_memory_bytes", 1_024_000.0)
                .containsEntry("process_max_fds", 1_024.0)
                .containsEntry("process_virtual_memory_max_bytes", 0x1p64);
    }

    @Test
    void leavesOutWhatCannotBeRead(@TempDir Path proc) {
        assertThat(samples(new ProcessSource(proc)))
                .containsOnlyKeys("agent_process_unread_files")
                .containsEntry("agent_process_unread_files", 4.0);
    }

    static Map<String, Double> samples(ProcessSource source) {
        return flat(source.scrape(ScrapeRequest.ALL, System.nanoTime() + 1_000_000_000));
    }

    static Map<String, Double> flat(List<SampleSet> sets) {
        Map<String, Double> samples = new TreeMap<>();
        for (SampleSet set : sets) {
            for (FamilySamples family : set.families()) {
                for (int i = 0; i < family.size(); i++) {
                    String labels = family.subject(i).toString();
                    samples.put(
                            family.family().name() + (labels.isEmpty() ? "" : "{" + labels + "}"),
                            family.value(i));
                }
            }
        }
        return samples;
    }
}
