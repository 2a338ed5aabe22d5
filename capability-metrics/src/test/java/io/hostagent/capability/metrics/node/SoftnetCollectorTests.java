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

class SoftnetCollectorTests {

    @TempDir private Path folder = Path.of("");

    private final SoftnetCollector softnet = new SoftnetCollector();

    @Test
    void readsNumbersOfBase16OfEachProcessor() throws IOException {
        RecordedHost host = RecordedHost.in(folder).with("node/microvm.tree");

        Collected found = Collected.by(softnet, host.files());

        assertThat(found.value("node_softnet_processed_total{cpu=\"0\"}")).isEqualTo(0x5d57c5);
        assertThat(found.value("node_softnet_times_squeezed_total{cpu=\"0\"}")).isEqualTo(2);
        assertThat(found.types())
                .containsEntry("node_softnet_backlog_len", "gauge")
                .containsEntry("node_softnet_flow_limit_count_total", "counter")
                .hasSize(7);
        assertThat(found.values()).hasSize(14);
    }

    /** A processor that is offline has no line, so that lines do not tell the number. */
    @Test
    void takesTheNumberOfTheProcessorWhereTheKernelTellsIt() throws IOException {
        RecordedHost host =
                RecordedHost.in(folder)
                        .file(
                                "proc/1/net/softnet_stat",
                                "1 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n2 0 0 0 0 0 0 0 0 0 0 ff 3 0 0\n");

        assertThat(Collected.by(softnet, host.files()).values())
                .containsEntry("node_softnet_processed_total{cpu=\"0\"}", 1.0)
                .containsEntry("node_softnet_processed_total{cpu=\"3\"}", 2.0)
                .containsEntry("node_softnet_backlog_len{cpu=\"3\"}", 255.0);
    }

    @Test
    void countsLinesOfAnOldKernel() throws IOException {
        RecordedHost host =
                RecordedHost.in(folder)
                        .file(
                                "proc/1/net/softnet_stat",
                                "1 0 0 0 0 0 0 0 4\nffffffff 0 0 0 0 0 0 0 5\n");

        assertThat(Collected.by(softnet, host.files()).values())
                .containsEntry("node_softnet_processed_total{cpu=\"1\"}", 4294967295.0)
                .containsEntry("node_softnet_cpu_collision_total{cpu=\"1\"}", 5.0)
                .hasSize(8);
    }

    @Test
    void failsOnALineThatIsCutOff() {
        RecordedHost host = RecordedHost.in(folder).file("proc/1/net/softnet_stat", "1 2 3\n");

        assertThatThrownBy(() -> Collected.by(softnet, host.files()))
                .isInstanceOf(KernelFormatException.class)
                .hasMessageContaining("3 numbers");
    }
}
