// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostagent.capability.volumes.tool.Tools;
import io.hostagent.capability.volumes.volume.FileSystemType;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
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
    void checksAFileSystemThatHasRecordedErrors() throws Exception {
        Files.writeString(attached().resolve("file"), "kept");
        detach();
        Path image = folder().image();
        // Clean, and with errors.
        RealFiles.run("debugfs", "-w", "-R", "set_super_value state 3", image.toString());
        assertThat(new Ext4().hasErrors(image)).isTrue();

        assertThat(attach().resolve("file")).hasContent("kept");
        detach();

        assertThat(new Ext4().hasErrors(image)).isFalse();
    }

    @Test
    void checksAFileSystemWhoseDiskWasFull() throws Exception {
        Path pool = files.mounted("small", "200M", "mkfs.ext4", "-q", "-m", "0");
        backend = make(pool, new Tools());
        Path data = attached();
        Path ballast = pool.resolve("ballast");
        fill(ballast, Files.getFileStore(pool).getUsableSpace() - 40 * MB);
        RealFiles.run("dd", "if=/dev/urandom", "of=" + data.resolve("lost"), "bs=1M", "count=100");
        detach();
        Files.delete(ballast);

        Files.writeString(attach().resolve("file"), "writable");

        assertThat(new Ext4().hasErrors(folder().image())).isFalse();
    }

    @Test
    void mendsWhatCanBeMendedWithoutAsking() throws Exception {
        Files.writeString(attached().resolve("file"), "kept");
        detach();
        // The checksum of the first group descriptor.
        try (RandomAccessFile image = new RandomAccessFile(folder().image().toFile(), "rw")) {
            image.seek(4096 + 30);
            int checksum = image.readUnsignedShort();
            image.seek(4096 + 30);
            image.writeShort(~checksum);
        }

        assertThat(attach().resolve("file")).hasContent("kept");
        assertThat(files.loops()).hasSize(1);
    }

    @Test
    void takesSnapshotsThatNeedNoRepairHoweverBusyItIs() throws Exception {
        Path data = attached();
        AtomicBoolean over = new AtomicBoolean();
        Thread busy = Thread.ofPlatform().start(() -> write(data, over));
        try {
            for (int i = 0; i < 3; i++) {
                backend.snapshot(id, "s" + i, point());
            }
        } finally {
            over.set(true);
            busy.join();
        }
        for (int i = 0; i < 3; i++) {
            Path snapshot = folder().snapshot("s" + i);
            assertThat(RealFiles.attempt("e2fsck", "-f", "-n", snapshot.toString())).isEmpty();
        }
    }

    private static void write(Path data, AtomicBoolean over) {
        try {
            for (int i = 0; !over.get(); i++) {
                Files.writeString(data.resolve("file" + i % 200), "x".repeat(i % 20_000));
                Files.deleteIfExists(data.resolve("file" + (i * 7L) % 200));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
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
