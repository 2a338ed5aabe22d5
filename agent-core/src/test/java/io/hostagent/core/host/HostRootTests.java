// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.core.capability.Need.Absence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostRootTests {

    private static final String CONTAINER =
            """
            640 570 0:61 / / rw,relatime - overlay overlay rw,lowerdir=/l,upperdir=/u,workdir=/w
            660 640 254:0 /docker/containers/%1$s/hostname /etc/hostname rw - ext4 /dev/vda rw
            661 640 254:0 /docker/containers/%1$s/hosts /etc/hosts rw - ext4 /dev/vda rw
            """
                    .formatted("0123456789abcdef".repeat(4));

    private static final String MOUNTED_ROOT =
            "662 640 8:1 / /host ro,relatime - ext4 /dev/sda1 rw\n";

    private static final String FIRST_PROCESS =
            """
            1 1 0:2 / / rw - rootfs rootfs rw
            26 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
            """;

    @TempDir private Path own = Path.of("");

    @Test
    void isTheAgentsOwnOutsideOfAContainer() throws IOException {
        write("proc/self/mountinfo", FIRST_PROCESS);

        assertThat(root().path()).contains(own);
        assertThat(root().missing()).isEmpty();
    }

    @Test
    void isTheMountOfWhatTheFirstProcessHasForItsRoot() throws IOException {
        write("proc/self/mountinfo", CONTAINER + MOUNTED_ROOT);
        write("host/proc/1/mountinfo", FIRST_PROCESS);

        assertThat(root().path()).contains(own.resolve("host"));
        assertThat(root().missing()).isEmpty();
    }

    @Test
    void isMissingInAContainerWithoutTheMountAndSaysWhatToMount() throws IOException {
        write("proc/self/mountinfo", CONTAINER);
        Files.createDirectories(own.resolve("host/etc"));
        Files.createDirectories(own.resolve("host/usr"));

        assertThat(root().path()).isEmpty();
        assertThat(root().missing()).map(Absence::remedy).get().asString().contains("-v /:/host");
    }

    @Test
    void isMissingInAManagedPlugin() throws IOException {
        write(
                "proc/self/mountinfo",
                "9 1 8:1 /docker/plugins/%s/rootfs / rw - ext4 /dev/sda1 rw\n"
                        .formatted("0a".repeat(32)));

        assertThat(new HostRoot(own).path()).isEmpty();
    }

    @Test
    void isNoOtherFolderOfTheHost() throws IOException {
        write("proc/self/mountinfo", CONTAINER + "662 640 8:1 /srv /host rw - ext4 /dev/sda1 rw\n");
        write("host/proc/1/mountinfo", FIRST_PROCESS);

        assertThat(root().path()).isEmpty();
        assertThat(root().missing()).map(Absence::why).get().asString().contains("not the host's");
    }

    /** As with a bind that leaves out what is mounted below, or with {@code hidepid}. */
    @Test
    void hasToLookLikeARootWhereTheFirstProcessCannotBeSeen() throws IOException {
        write("proc/self/mountinfo", CONTAINER + MOUNTED_ROOT);
        assertThat(root().path()).isEmpty();

        Files.createDirectories(own.resolve("host/etc"));
        Files.createDirectories(own.resolve("host/usr"));
        assertThat(root().path()).contains(own.resolve("host"));
    }

    @Test
    void isFoundWhenItAppears() throws IOException {
        write("proc/self/mountinfo", CONTAINER);
        HostRoot root = root();
        assertThat(root.path()).isEmpty();

        write("proc/self/mountinfo", CONTAINER + MOUNTED_ROOT);
        write("host/proc/1/mountinfo", FIRST_PROCESS);
        assertThat(root.path()).isPresent();
    }

    /** Podman and the kubelet keep a container's files in folders of other names. */
    @Test
    void knowsContainersOfOtherEngines() throws IOException {
        write(
                "proc/self/mountinfo",
                """
                1 0 0:61 / / rw - overlay overlay rw
                2 1 8:1 /var/lib/kubelet/pods/1f/etc-hosts /etc/hosts rw - ext4 /dev/sda1 rw
                """);
        assertThat(root().path()).isEmpty();

        write(
                "proc/self/mountinfo",
                """
                1 0 0:61 / / rw - overlay overlay rw
                2 1 0:25 /containers/storage/x/.containerenv /run/.containerenv rw - tmpfs tmpfs rw
                """);
        assertThat(root().path()).isEmpty();
    }

    /** As in a virtual machine whose disk was made from an image. */
    @Test
    void takesAHostWithAnEnginesMarkForAHost() throws IOException {
        write("proc/self/mountinfo", FIRST_PROCESS);
        write(".dockerenv", "");

        assertThat(root().path()).contains(own);
    }

    private HostRoot root() {
        return new HostRoot(own);
    }

    private void write(String path, String text) throws IOException {
        Path file = own.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
