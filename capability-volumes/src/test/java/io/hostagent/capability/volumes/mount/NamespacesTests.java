// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.mount;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Made-up processes, with containers as engines make them. */
class NamespacesTests {

    private static final String ID = "0123456789abcdef".repeat(4);
    private static final String OUTER = "fedcba9876543210".repeat(4);
    private static final String LINE = "36 35 8:1 /pool/a/tree/_data /d rw - ext4 /dev/sda1 rw\n";

    @TempDir Path proc;

    @BeforeEach
    void begin() throws IOException {
        process("self", "mnt:[1]", "/", "", "0::/\n");
    }

    private void process(String pid, String namespace, String root, String mounts, String cgroup)
            throws IOException {
        Path folder = proc.resolve(pid);
        Files.createDirectories(folder.resolve("ns"));
        Files.createSymbolicLink(folder.resolve("ns/mnt"), Path.of(namespace));
        Files.createSymbolicLink(folder.resolve("root"), Path.of(root));
        Files.writeString(folder.resolve("mountinfo"), mounts);
        Files.writeString(folder.resolve("cgroup"), cgroup);
        Files.writeString(folder.resolve("comm"), "postgres\n");
    }

    private List<Found> found() throws IOException {
        return new MountScan(proc).of(new Target("8:1", "/pool/a/tree", Path.of("/m/a")));
    }

    @Test
    void namesTheContainer() throws IOException {
        process("7", "mnt:[2]", "/", LINE, "0::/system.slice/docker-" + ID + ".scope\n");
        process("8", "mnt:[3]", "/", LINE, "1:cpu:/docker/" + OUTER + "/docker/" + ID + "\n");
        process("9", "mnt:[4]", "/", LINE, "0::/user.slice/" + ID + "0\n");

        assertThat(found())
                .extracting(Found::toString)
                .containsExactly(
                        "container 0123456789ab at /d",
                        "container 0123456789ab at /d",
                        "process 9 (postgres) at /d");
    }

    @Test
    void readsPathsThatAreNoText() throws IOException {
        process("7", "mnt:[2]", "/", LINE, "");
        Files.write(
                proc.resolve("7/mountinfo"),
                ("\u00ff 1 1:1 \u00e4 / rw - a b rw\n" + LINE).getBytes(ISO_8859_1));

        assertThat(found()).hasSize(1);
    }

    @Test
    void looksAtANamespaceOnce() throws IOException {
        for (int pid = 100; pid < 1_100; pid++) {
            process(String.valueOf(pid), "mnt:[" + pid % 500 + "]", "/", LINE, "0::/\n");
        }

        assertThat(found()).hasSize(500).extracting(Found::pid).contains(100).doesNotContain(600);
    }

    @Test
    void asksTheNextProcessWhenOneHasEnded() throws IOException {
        process("7", "mnt:[2]", "/", LINE, "");
        process("8", "mnt:[2]", "/", LINE, "");
        Files.delete(proc.resolve("7/mountinfo"));
        process("9", "mnt:[3]", "/", LINE, "");
        Files.delete(proc.resolve("9/ns/mnt"));

        assertThat(found()).extracting(Found::pid).containsExactly(8);
    }

    @Test
    void refusesToSayWhoUsesAVolumeWhenAProcessCannotBeLookedAt() throws IOException {
        process("7", "mnt:[2]", "/", "", "");
        Files.delete(proc.resolve("7/mountinfo"));
        // Whatever cannot be read will do; root is denied nothing.
        Files.createDirectory(proc.resolve("7/mountinfo"));
        Files.writeString(proc.resolve("7/stat"), "7 (a) b) S 1 1");
        assertThatIOException()
                .isThrownBy(this::found)
                .withMessageContainingAll("cannot be told", "process 7", "--pid=host");

        Files.writeString(proc.resolve("7/stat"), "7 (a) b) Z 1 1");
        assertThat(found()).isEmpty();
    }

    @Test
    void refusesAProcessOfNoNamespace() throws IOException {
        process("7", "mnt:[2]", "/", LINE, "");
        Files.delete(proc.resolve("7/ns/mnt"));
        Files.createDirectory(proc.resolve("7/ns/mnt"));

        assertThatIOException().isThrownBy(this::found).withMessageContaining("process 7");
    }

    @Test
    void prefersAProcessThatSeesAllOfItsNamespace() throws IOException {
        process("7", "mnt:[2]", "/var/empty", "", "");
        process("8", "mnt:[2]", "/", LINE, "");
        process("9", "mnt:[3]", "/a", "", "");
        process("10", "mnt:[3]", "/b", LINE, "");

        assertThat(found()).extracting(Found::pid).containsExactly(8, 10);
    }

    @Test
    void takesNoOtherFolderForThatOfAVolume() throws IOException {
        for (Map.Entry<String, String> other :
                Map.of(
                                "7", LINE.replace("8:1", "8:11"),
                                "8", LINE.replace("/pool/a/tree/_data", "/pool/a/tree2"),
                                "9", LINE.replace("/pool/a/tree/_data", "/"),
                                "10", "nonsense\n\n")
                        .entrySet()) {
            process(other.getKey(), "mnt:[" + other.getKey() + "]", "/", other.getValue(), "");
        }

        assertThat(found()).isEmpty();
    }
}
