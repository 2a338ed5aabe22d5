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

class PressureCollectorTests {

    @TempDir private Path folder = Path.of("");

    private final PressureCollector pressure = new PressureCollector();

    @Test
    void tellsSecondsOfWaiting() throws IOException {
        RecordedHost host = RecordedHost.in(folder).with("node/microvm.tree");

        Collected found = Collected.by(pressure, host.files());

        assertThat(found.values())
                .containsEntry("node_pressure_cpu_waiting_seconds_total", 3813.365177)
                .containsEntry("node_pressure_io_waiting_seconds_total", 152.593803)
                .containsEntry("node_pressure_io_stalled_seconds_total", 102.154539)
                .containsEntry("node_pressure_memory_waiting_seconds_total", 0.0)
                .containsEntry("node_pressure_memory_stalled_seconds_total", 0.0)
                .hasSize(5);
        assertThat(found.types()).containsValue("counter").doesNotContainValue("gauge");
    }

    @Test
    void tellsOfInterruptsWhereTheKernelDoes() throws IOException {
        RecordedHost host =
                RecordedHost.in(folder)
                        .with("node/microvm.tree")
                        .file("proc/pressure/irq", "full avg10=0.00 total=2500000\n");

        assertThat(Collected.by(pressure, host.files()).values())
                .containsEntry("node_pressure_irq_stalled_seconds_total", 2.5)
                .hasSize(6);
    }

    @Test
    void hasNothingFromAKernelThatDoesNotCount() {
        RecordedHost host = RecordedHost.in(folder);

        assertThatThrownBy(() -> Collected.by(pressure, host.files()))
                .isInstanceOf(NoDataException.class)
                .hasMessageContaining("CONFIG_PSI");
    }

    @Test
    void failsOnALineWithoutItsTotal() {
        RecordedHost host =
                RecordedHost.in(folder).file("proc/pressure/cpu", "some avg10=0.00 avg60=0.00\n");

        assertThatThrownBy(() -> Collected.by(pressure, host.files()))
                .isInstanceOf(KernelFormatException.class)
                .hasMessageContaining("total");
    }
}
