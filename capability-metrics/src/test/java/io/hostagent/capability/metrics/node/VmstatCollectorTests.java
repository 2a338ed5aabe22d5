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

class VmstatCollectorTests {

    @TempDir private Path folder = Path.of("");

    @Test
    void tellsWhatDashboardsAskForUnlessToldOtherwise() throws IOException {
        RecordedHost host = RecordedHost.in(folder).with("node/microvm.tree");
        VmstatCollector vmstat = new VmstatCollector(NodeSettings.DEFAULTS.vmstatFields());

        Collected found = Collected.by(vmstat, host.files());

        assertThat(found.names())
                .contains(
                        "node_vmstat_oom_kill",
                        "node_vmstat_pgfault",
                        "node_vmstat_pgmajfault",
                        "node_vmstat_pgpgin",
                        "node_vmstat_pgpgout",
                        "node_vmstat_pswpin",
                        "node_vmstat_pswpout")
                .noneMatch(name -> name.contains("nr_"));
        assertThat(found.types()).containsValue("untyped").doesNotContainValue("counter");
        assertThat(Collected.by(vmstat, host.files())).isEqualTo(found);
    }

    @Test
    void tellsWhatItIsAskedFor() throws IOException {
        RecordedHost host =
                RecordedHost.in(folder)
                        .file("proc/vmstat", "nr_a 18446744073709551615\nb 2\nnr_c 3\n");

        assertThat(
                        Collected.by(new VmstatCollector(NameFilter.only("^nr_")), host.files())
                                .values())
                .containsEntry("node_vmstat_nr_a", 0x1p64)
                .containsEntry("node_vmstat_nr_c", 3.0)
                .hasSize(2);
    }

    @Test
    void failsOnALineWithoutANumber() {
        RecordedHost host = RecordedHost.in(folder).file("proc/vmstat", "pgfault\n");
        VmstatCollector vmstat = new VmstatCollector(NameFilter.ALL);

        assertThatThrownBy(() -> Collected.by(vmstat, host.files()))
                .isInstanceOf(KernelFormatException.class);
    }
}
