// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostagent.capability.volumes.tool.Tools;
import io.hostagent.capability.volumes.volume.FileSystemType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class LoopExt4BackendTests extends LoopContract {

    /** Of capabilities(7). */
    private static final int SYS_RESOURCE = 24;

    LoopExt4BackendTests() {
        super(FileSystemType.EXT4);
    }

    @Override
    void assumeItMayGrowInUse() throws IOException {
        Assumptions.assumeTrue(mayUseMoreThanOthers(), "this root has no CAP_SYS_RESOURCE");
    }

    private static boolean mayUseMoreThanOthers() throws IOException {
        String line =
                Files.readAllLines(Path.of("/proc/self/status")).stream()
                        .filter(each -> each.startsWith("CapEff:"))
                        .findFirst()
                        .orElseThrow();
        long capabilities = Long.parseUnsignedLong(line.substring(7).strip(), 16);
        return (capabilities >>> SYS_RESOURCE & 1) == 1;
    }

    @Test
    void saysWhatItNeedsToGrowWhileItIsInUse() throws IOException {
        Assumptions.assumeFalse(mayUseMoreThanOthers(), "this root has CAP_SYS_RESOURCE");
        attached();

        assertThatThrownBy(() -> backend.resize(id, spec(), 800L << 20, point()))
                .hasMessageContaining("CAP_SYS_RESOURCE");
        detach();
        backend.resize(id, spec(), 800L << 20, null);
        fill(attach().resolve("file"), 600 * MB);
    }

    @Test
    void keepsLostAndFoundAwayFromContainers() throws IOException {
        Path data = attached();

        assertThat(data).isEmptyDirectory();
        assertThat(point().resolve("lost+found")).isDirectory();
    }

    @Test
    void saysWhatPeopleCanDoForAFileSystemThatIsDamaged() throws IOException {
        backend.create(id, spec());
        // All group descriptors, but not the superblock.
        RealFiles.run(
                "dd",
                "if=/dev/urandom",
                "of=" + folder().image(),
                "bs=4096",
                "seek=1",
                "count=32",
                "conv=notrunc");

        assertThatThrownBy(this::attach)
                .hasMessageContaining("cannot be mounted")
                .hasMessageContaining("e2fsck -f");
        assertThat(files.loops()).isEmpty();
    }

    @Test
    void saysWhatIsMissing() throws IOException {
        Path programs = files.folder("programs");
        for (String name : List.of("mount", "umount", "losetup", "fsfreeze", "cp", "rm", "sync")) {
            Files.createSymbolicLink(programs.resolve(name), Path.of("/bin/true"));
        }
        Backend poor = make(files.path("pool"), new Tools(List.of(programs)));

        assertThat(poor.probe().missing())
                .hasValue("mkfs.ext4 is not there: install the Debian package e2fsprogs");
        for (String name : List.of("mkfs.ext4", "e2fsck", "resize2fs", "tune2fs")) {
            Files.createSymbolicLink(programs.resolve(name), Path.of("/bin/true"));
        }
        assertThat(poor.probe().missing()).isEmpty();
        assertThat(poor.probe().note()).contains("no volumes with xfs").contains("xfsprogs");
        assertThat(backend.probe().note()).doesNotContain("ext4");
        assertThat(backend.probe().exclusive()).isEqualTo(Probe.Exclusive.DEVICE);
    }
}
