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

class SchedstatCollectorTests {

    @TempDir private Path folder = Path.of("");

    private final SchedstatCollector schedstat = new SchedstatCollector();

    @Test
    void tellsWhatEachProcessorRan() throws IOException {
        RecordedHost host = RecordedHost.in(folder).with("node/desktop.tree");

        assertThat(Collected.by(schedstat, host.files()).values())
                .containsEntry("node_schedstat_running_seconds_total{cpu=\"0\"}", 2045936.778163039)
                .containsEntry("node_schedstat_waiting_seconds_total{cpu=\"0\"}", 343796.328169361)
                .containsEntry("node_schedstat_timeslices_total{cpu=\"1\"}", 5145567945.0)
                .hasSize(6);
    }

    @Test
    void hasNothingFromAKernelThatDoesNotCount() {
        RecordedHost host = RecordedHost.in(folder);

        assertThatThrownBy(() -> Collected.by(schedstat, host.files()))
                .isInstanceOf(NoDataException.class)
                .hasMessageContaining("CONFIG_SCHEDSTATS");
    }

    @Test
    void failsOnALineThatIsCutOff() {
        RecordedHost host =
                RecordedHost.in(folder).file("proc/schedstat", "cpu0 1 2 3 4 5 6 7 8\n");

        assertThatThrownBy(() -> Collected.by(schedstat, host.files()))
                .isInstanceOf(KernelFormatException.class)
                .hasMessageContaining("too few");
    }
}
