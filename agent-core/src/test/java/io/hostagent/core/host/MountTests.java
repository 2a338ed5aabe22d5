// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.core.host.Mount.Spread;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MountTests {

    /** The example of proc_pid_mountinfo(5). */
    @Test
    void readsTheFieldsOfALine() {
        assertThat(
                        Mount.parse(
                                "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root"
                                        + " rw,errors=continue\n"))
                .containsExactly(
                        new Mount(
                                "98:0",
                                "/mnt1",
                                "/mnt2",
                                false,
                                "ext3",
                                "/dev/root",
                                new Spread(0, 1)));
    }

    @Test
    void takesAnyNumberOfOptionalFields() {
        List<Mount> mounts =
                Mount.parse(
                        """
                        1 0 8:1 / /a rw - ext4 /dev/sda1 rw
                        2 0 8:1 / /b rw shared:1 - ext4 /dev/sda1 rw
                        3 0 8:1 / /c rw shared:1 master:2 propagate_from:3 - ext4 /dev/sda1 rw
                        """);

        assertThat(mounts).extracting(Mount::point).containsExactly("/a", "/b", "/c");
        assertThat(mounts).extracting(Mount::type).containsOnly("ext4");
        assertThat(mounts)
                .extracting(Mount::spread)
                .containsExactly(Spread.PRIVATE, new Spread(1, 0), new Spread(1, 2));
    }

    @Test
    void isReadOnlyByTheMountOrByTheFileSystem() {
        List<Mount> mounts =
                Mount.parse(
                        """
                        1 0 8:1 / /a ro,relatime - ext4 /dev/sda1 rw
                        2 0 8:1 / /b rw,relatime - ext4 /dev/sda1 ro
                        3 0 8:1 / /c rw,relatime - ext4 /dev/sda1 rw,errors=remount-ro
                        """);

        assertThat(mounts).extracting(Mount::readOnly).containsExactly(true, true, false);
    }

    @Test
    void takesTheKernelsOctalNumbersBack() {
        assertThat(Mount.parse("1 0 8:1 / /media/a\\040disk\\134\\011é rw - vfat /dev/sdb1 rw\n"))
                .extracting(Mount::point)
                .containsExactly("/media/a disk\\\té");
    }

    @Test
    void leavesOutWhatIsNoMount() {
        assertThat(Mount.parse("\nnonsense\n1 0 8:1 / /a rw shared:1\n1 0 8:1 / /a rw - ext4\n"))
                .isEmpty();
    }

    @Test
    void seesTheLastOfAllThatAreMountedInOnePlace() {
        List<Mount> mounts =
                Mount.parse(
                        """
                        1 0 0:2 / / rw - rootfs rootfs rw
                        2 1 8:1 / / rw - ext4 /dev/sda1 rw
                        """);

        assertThat(Mount.at(mounts, "/")).map(Mount::type).contains("ext4");
        assertThat(Mount.at(mounts, "/home")).isEmpty();
    }

    @Test
    void findsWhatAPathIsIn() {
        List<Mount> mounts =
                Mount.parse(
                        """
                        1 0 8:1 / / rw - ext4 /dev/sda1 rw
                        2 1 8:2 / /var/lib rw - ext4 /dev/sda2 rw
                        3 2 8:3 / /var/lib rw - ext4 /dev/sda3 rw
                        4 1 8:4 / /var/lib/x rw - ext4 /dev/sda4 rw
                        """);

        assertThat(Mount.holding(mounts, Path.of("/var/lib/xy")))
                .map(Mount::device)
                .contains("8:3");
        assertThat(Mount.holding(mounts, Path.of("/var/lib/x"))).map(Mount::device).contains("8:4");
        assertThat(Mount.holding(mounts, Path.of("/var"))).map(Mount::device).contains("8:1");
        assertThat(Mount.holding(List.of(), Path.of("/var"))).isEmpty();
    }
}
