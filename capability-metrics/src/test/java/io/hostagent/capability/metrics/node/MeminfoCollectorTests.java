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

class MeminfoCollectorTests {

    @TempDir private Path folder = Path.of("");

    private final MeminfoCollector meminfo = new MeminfoCollector();

    @Test
    void hasAFamilyForEachLine() throws IOException {
        RecordedHost host = RecordedHost.in(folder).with("node/microvm.tree");

        Collected found = Collected.by(meminfo, host.files());

        assertThat(found.value("node_memory_MemTotal_bytes")).isEqualTo(24684096.0 * 1024);
        assertThat(found.values())
                .containsKeys(
                        "node_memory_Active_anon_bytes",
                        "node_memory_HugePages_Total",
                        "node_memory_Committed_AS_bytes",
                        "node_memory_DirectMap1G_bytes");
        assertThat(found.types()).hasSize(54).containsValue("gauge");
        assertThat(Collected.by(meminfo, host.files())).isEqualTo(found);
    }

    @Test
    void findsTheSameWhenALineComesOrGoes() throws IOException {
        RecordedHost host = RecordedHost.in(folder).file("proc/meminfo", "A: 1 kB\nB: 2 kB\n");
        Collected.by(meminfo, host.files());
        host.file("proc/meminfo", "B: 3 kB\nC(x): 4\n\nA: 5 kB\n");

        assertThat(Collected.by(meminfo, host.files()).values())
                .containsEntry("node_memory_A_bytes", 5120.0)
                .containsEntry("node_memory_B_bytes", 3072.0)
                .containsEntry("node_memory_C_x", 4.0)
                .hasSize(3);
    }

    @Test
    void failsOnALineWithoutANumber() {
        RecordedHost host = RecordedHost.in(folder).file("proc/meminfo", "MemTotal:\n");

        assertThatThrownBy(() -> Collected.by(meminfo, host.files()))
                .isInstanceOf(KernelFormatException.class)
                .hasMessageContaining("/proc/meminfo");
    }
}
