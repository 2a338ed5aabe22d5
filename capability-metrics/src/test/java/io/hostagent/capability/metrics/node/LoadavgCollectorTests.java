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

class LoadavgCollectorTests {

    @TempDir private Path folder = Path.of("");

    private final LoadavgCollector loadavg = new LoadavgCollector();

    @Test
    void tellsThreeAverages() throws IOException {
        RecordedHost host = RecordedHost.in(folder).file("proc/loadavg", "9.08 4.56 3.2 1/2 3\n");

        assertThat(Collected.by(loadavg, host.files()).values())
                .containsEntry("node_load1", 9.08)
                .containsEntry("node_load5", 4.56)
                .containsEntry("node_load15", 3.2)
                .hasSize(3);
    }

    @Test
    void failsOnALineThatIsCutOff() {
        RecordedHost host = RecordedHost.in(folder).file("proc/loadavg", "9.08 4.56\n");

        assertThatThrownBy(() -> Collected.by(loadavg, host.files()))
                .isInstanceOf(KernelFormatException.class)
                .hasMessageContaining("/proc/loadavg");
    }

    @Test
    void failsOnWhatIsNoNumber() {
        RecordedHost host = RecordedHost.in(folder).file("proc/loadavg", "high 4.56 1\n");

        assertThatThrownBy(() -> Collected.by(loadavg, host.files()))
                .isInstanceOf(KernelFormatException.class)
                .hasMessageContaining("high");
    }
}
