// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostagent.core.fixture.RecordedHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnameCollectorTests {

    @TempDir private Path folder = Path.of("");

    @Test
    void tellsTheNameThatTheEngineKnows() throws IOException {
        RecordedHost host = RecordedHost.in(folder).with("node/microvm.tree");

        assertThat(
                        Collected.by(new UnameCollector(() -> Optional.of("node7")), host.files())
                                .values())
                .containsOnlyKeys(
                        "node_uname_info{domainname=\"(none)\",machine=\"x86_64\","
                                + "nodename=\"node7\",release=\"6.18.44-fc-v595\","
                                + "sysname=\"Linux\",version=\"#1 SMP PREEMPT_DYNAMIC @0\"}")
                .containsValue(1.0);
    }

    @Test
    void tellsTheNameThatTheHostIsConfiguredToHave() throws IOException {
        RecordedHost host =
                RecordedHost.in(folder).with("node/microvm.tree").file("etc/hostname", "outer\n");

        Collected found = Collected.by(new UnameCollector(EngineName.NOBODY), host.files());

        assertThat(found.key("node_uname_info")).contains("nodename=\"outer\"");
    }

    @Test
    void askJavaForTheMachineWhereTheKernelDoesNotTell() throws IOException {
        RecordedHost host =
                RecordedHost.in(folder).with("node/microvm.tree").file("etc/hostname", "outer\n");
        Files.delete(folder.resolve("proc/sys/kernel/arch"));

        Collected found = Collected.by(new UnameCollector(EngineName.NOBODY), host.files());

        assertThat(found.key("node_uname_info")).containsPattern("machine=\"(x86_64|aarch64)\"");
    }

    @Test
    void hasNothingWhenNobodyKnowsTheName() {
        RecordedHost host = RecordedHost.in(folder).with("node/microvm.tree");
        UnameCollector uname = new UnameCollector(EngineName.NOBODY);

        assertThatThrownBy(() -> Collected.by(uname, host.files()))
                .isInstanceOf(NoDataException.class)
                .hasMessageContaining("mount the engine's socket");
    }
}
