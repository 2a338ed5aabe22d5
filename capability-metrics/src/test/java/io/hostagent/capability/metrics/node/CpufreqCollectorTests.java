// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.core.fixture.RecordedHost;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CpufreqCollectorTests {

    @TempDir private Path folder = Path.of("");

    private final CpufreqCollector cpufreq = new CpufreqCollector();

    @Test
    void tellsFrequenciesInHertzAndTheRule() throws IOException {
        RecordedHost host = RecordedHost.in(folder).with("node/desktop.tree");

        assertThat(Collected.by(cpufreq, host.files()).values())
                .containsEntry("node_cpu_frequency_min_hertz{cpu=\"0\"}", 8e8)
                .containsEntry("node_cpu_frequency_max_hertz{cpu=\"0\"}", 2.4e9)
                .containsEntry("node_cpu_scaling_frequency_hertz{cpu=\"0\"}", 1.219917e9)
                .containsEntry("node_cpu_scaling_frequency_min_hertz{cpu=\"0\"}", 8e8)
                .containsEntry("node_cpu_scaling_frequency_max_hertz{cpu=\"0\"}", 2.4e9)
                .containsEntry("node_cpu_frequency_hertz{cpu=\"1\"}", 1.200195e9)
                .containsEntry("node_cpu_scaling_governor{cpu=\"0\",governor=\"powersave\"}", 1.0)
                .containsEntry("node_cpu_scaling_governor{cpu=\"0\",governor=\"performance\"}", 0.0)
                .hasSize(8);
    }

    /** As in node_exporter, which counts that for a success. */
    @Test
    void hasNothingToTellOfAVirtualMachine() throws IOException {
        RecordedHost host = RecordedHost.in(folder).with("node/microvm.tree");

        assertThat(Collected.by(cpufreq, host.files()).values()).isEmpty();
    }
}
