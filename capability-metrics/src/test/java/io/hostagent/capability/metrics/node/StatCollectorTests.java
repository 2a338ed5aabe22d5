// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostagent.capability.metrics.kernel.KernelFormatException;
import io.hostagent.core.fixture.RecordedHost;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatCollectorTests {

    @TempDir private Path folder = Path.of("");

    private final StatCollector stat = new StatCollector();

    @Test
    void tellsOfInterruptsSwitchesAndTasks() throws IOException {
        RecordedHost host =
                RecordedHost.in(folder)
                        .file(
                                "proc/stat",
                                """
                                cpu 1 2
                                cpu0 1 2
                                intr 8885917 17 0 0
                                ctxt 38014093
                                btime 1418183276
                                processes 26442
                                procs_running 2
                                procs_blocked 1
                                softirq 5057579 250191
                                """);

        Collected found = Collected.by(stat, host.files());

        assertThat(found.values())
                .containsEntry("node_intr_total", 8885917.0)
                .containsEntry("node_context_switches_total", 38014093.0)
                .containsEntry("node_boot_time_seconds", 1418183276.0)
                .containsEntry("node_forks_total", 26442.0)
                .containsEntry("node_procs_running", 2.0)
                .containsEntry("node_procs_blocked", 1.0)
                .hasSize(6);
        assertThat(found.types())
                .containsEntry("node_intr_total", "counter")
                .containsEntry("node_boot_time_seconds", "gauge")
                .containsEntry("node_procs_running", "gauge");
    }

    @Test
    void saysWhichLineIsCutOff() {
        RecordedHost host = RecordedHost.in(folder).file("proc/stat", "cpu0 1 2\nctxt");

        assertThatThrownBy(() -> Collected.by(stat, host.files()))
                .isInstanceOf(KernelFormatException.class)
                .hasMessageContaining("ctxt");
    }
}
