// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.core.capability.Need.Absence;
import io.hostagent.core.fixture.RecordedHost;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostFilesTests {

    private static final String CONTAINER =
            "1 0 0:61 / / rw - overlay overlay rw\n2 1 8:1 /h /etc/hosts rw - ext4 /dev/sda1 rw\n";
    private static final String MOUNT = "3 1 8:1 / /host ro - ext4 /dev/sda1 rw\n";

    @TempDir private Path folder = Path.of("");

    @Test
    void areTheAgentsOwnOutsideOfAContainer() {
        HostFiles files = RecordedHost.in(folder).files();

        assertThat(files.root()).contains(folder);
        assertThat(files.proc()).isEqualTo(folder.resolve("proc"));
        assertThat(files.sys()).isEqualTo(folder.resolve("sys"));
        assertThat(files.first()).contains(folder.resolve("proc/1"));
        assertThat(files.missing()).isEmpty();
    }

    @Test
    void areBelowTheMountInAContainer() {
        HostFiles files =
                container(CONTAINER + MOUNT)
                        .file("host/proc/1/mountinfo", "1 1 8:1 / / rw - ext4 /dev/sda1 rw")
                        .folder("host/sys/devices/system")
                        .files();

        assertThat(files.root()).contains(folder.resolve("host"));
        assertThat(files.proc()).isEqualTo(folder.resolve("host/proc"));
        assertThat(files.sys()).isEqualTo(folder.resolve("host/sys"));
        assertThat(files.first()).contains(folder.resolve("host/proc/1"));
    }

    /** The container's own first process is none of the host's. */
    @Test
    void haveNoFirstProcessWithoutTheMount() {
        HostFiles files = container(CONTAINER).files();

        assertThat(files.root()).isEmpty();
        assertThat(files.first()).isEmpty();
        assertThat(files.sys()).isEqualTo(folder.resolve("sys"));
        assertThat(files.missing()).map(Absence::remedy).get().asString().contains("/host");
    }

    @Test
    void haveARootAndNoFirstProcessWhereOnlyTheRootItselfIsMounted() {
        HostFiles files =
                container(CONTAINER + MOUNT)
                        .folder("host/etc")
                        .folder("host/usr")
                        .folder("host/proc")
                        .files();

        assertThat(files.root()).contains(folder.resolve("host"));
        assertThat(files.first()).isEmpty();
        assertThat(files.proc()).isEqualTo(folder.resolve("proc"));
        assertThat(files.missing()).map(Absence::why).get().asString().contains("/proc");
    }

    @Test
    void doNotReadWhatIsNoFile() {
        RecordedHost host = RecordedHost.in(folder).folder("etc/os-release");

        assertThat(host.files().text("etc/os-release")).isNull();
    }

    private RecordedHost container(String mounts) {
        return RecordedHost.in(folder).file("proc/self/mountinfo", mounts);
    }
}
