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

class OsCollectorTests {

    @TempDir private Path folder = Path.of("");

    private final OsCollector os = new OsCollector();

    @Test
    void tellsTheSystemOfTheHost() throws IOException {
        RecordedHost host =
                RecordedHost.in(folder)
                        .file(
                                "etc/os-release",
                                """
                                NAME="Ubuntu"
                                ID=ubuntu
                                ID_LIKE=debian
                                PRETTY_NAME="Ubuntu 20.04.2 LTS"
                                VERSION="20.04.2 LTS (Focal Fossa)"
                                VERSION_ID="20.04"
                                VERSION_CODENAME=focal
                                SUPPORT_END=2030-04-30
                                """);

        assertThat(Collected.by(os, host.files()).values())
                .containsEntry(
                        "node_os_info{id=\"ubuntu\",id_like=\"debian\",name=\"Ubuntu\","
                                + "pretty_name=\"Ubuntu 20.04.2 LTS\","
                                + "version=\"20.04.2 LTS (Focal Fossa)\","
                                + "version_codename=\"focal\",version_id=\"20.04\"}",
                        1.0)
                .containsEntry(
                        "node_os_version{id=\"ubuntu\",id_like=\"debian\",name=\"Ubuntu\"}", 20.04)
                .containsEntry("node_os_support_end_timestamp_seconds", 1903737600.0)
                .hasSize(3);
    }

    @Test
    void tellsNoVersionOfASystemThatHasNone() throws IOException {
        RecordedHost host =
                RecordedHost.in(folder).file("usr/lib/os-release", "NAME=Arch\nBUILD_ID=rolling\n");

        assertThat(Collected.by(os, host.files()).values())
                .containsOnlyKeys("node_os_info{build_id=\"rolling\",name=\"Arch\"}");
    }

    @Test
    void hasNothingWithoutTheFile() {
        RecordedHost host = RecordedHost.in(folder);

        assertThatThrownBy(() -> Collected.by(os, host.files()))
                .isInstanceOf(NoDataException.class)
                .hasMessageContaining("/usr/lib/os-release");
    }

    @Test
    void failsOnADateThatIsNone() {
        RecordedHost host = RecordedHost.in(folder).file("etc/os-release", "SUPPORT_END=soon\n");

        assertThatThrownBy(() -> Collected.by(os, host.files()))
                .isInstanceOf(KernelFormatException.class)
                .hasMessageContaining("soon");
    }
}
