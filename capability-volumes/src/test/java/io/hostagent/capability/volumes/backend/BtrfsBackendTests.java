// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostagent.capability.volumes.tool.Tools;
import io.hostagent.capability.volumes.volume.BackendKind;
import io.hostagent.capability.volumes.volume.FileSystemType;
import io.hostagent.capability.volumes.volume.VolumeSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class BtrfsBackendTests extends TreeContract {

    @Override
    String[] programs() {
        return new String[] {"setfattr", "getfattr", "setfacl", "btrfs", "mkfs.btrfs"};
    }

    @Override
    Path makePool() throws IOException {
        // Not at the root of the file system, as a real one would be.
        return Files.createDirectory(
                files.mounted("btrfs", "1G", "mkfs.btrfs", "-q").resolve("volumes"));
    }

    @Override
    Backend make(Path pool, Tools tools) {
        return new BtrfsBackend(pool, tools);
    }

    @Override
    VolumeSpec spec(long size) {
        return spec(BackendKind.BTRFS, FileSystemType.EXT4, size);
    }

    @Override
    void leaveTree(Path tree) throws IOException {
        Files.createDirectories(tree.getParent());
        RealFiles.run("btrfs", "subvolume", "create", tree.toString());
        Files.writeString(tree.resolve("rest"), "half");
    }

    /** All but that of the file system itself. */
    private List<String> subvolumes() throws IOException {
        return RealFiles.run("btrfs", "subvolume", "list", backend.pool().toString())
                .lines()
                .toList();
    }

    @Test
    void holdsNoMoreThanItsLimit() throws IOException {
        backend.create(id, spec(20 * MB));
        Path data = attach();

        assertThatThrownBy(() -> fill(data.resolve("file"), 40 * MB))
                .hasMessageContaining("Disk quota exceeded");

        Usage usage = backend.usage(id, spec(20 * MB), point());
        assertThat(usage.limit()).isEqualTo(20 * MB);
        Files.delete(data.resolve("file"));
        RealFiles.run("sync", "-f", data.toString());
        fill(data.resolve("file"), 10 * MB);
        RealFiles.run("sync", "-f", data.toString());
        assertThat(data.resolve("file")).hasSize(10 * MB);
    }

    @Test
    void keepsTheLimitWhenItIsRestoredAndCountsWhatCameBack() throws IOException {
        backend.create(id, spec(20 * MB));
        fill(attach().resolve("file"), 15 * MB);
        backend.snapshot(id, "s1", point());
        Files.delete(point().resolve("_data/file"));
        detach();

        backend.restore(id, "s1");

        Path data = attach();
        RealFiles.run("sync", "-f", data.toString());
        assertThat(backend.usage(id, spec(20 * MB), point()).limit()).isEqualTo(20 * MB);
        assertThat(backend.usage(id, spec(20 * MB), point()).used())
                .isBetween(14_900_000L, 15_300_000L);
        assertThatThrownBy(() -> fill(data.resolve("more"), 10 * MB))
                .hasMessageContaining("Disk quota exceeded");
    }

    @Test
    void growsWhileItIsInUseAndNeverBelowWhatItHolds() throws IOException {
        backend.create(id, spec(20 * MB));
        Path data = attach();
        backend.resize(id, spec(20 * MB), 40 * MB, point());
        fill(data.resolve("file"), 30 * MB);

        assertThatThrownBy(() -> backend.resize(id, spec(40 * MB), 20 * MB, point()))
                .hasMessageContaining("below the")
                .hasMessageContaining("choose a greater one");
        backend.resize(id, spec(40 * MB), 35 * MB, point());
        assertThat(backend.usage(id, spec(35 * MB), point()).limit()).isEqualTo(35 * MB);
        backend.resize(id, spec(35 * MB), 0, point());
        assertThat(backend.usage(id, spec(0), point()).limit()).isZero();
    }

    @Test
    void countsWithoutQuotas() throws IOException {
        backend.create(id, spec(0));
        backend.attach(id, spec(0), point());
        fill(point().resolve("_data/file"), 10 * MB);
        RealFiles.run("sync", "-f", point().toString());

        assertThat(backend.usage(id, spec(0), point()).used()).isBetween(9_900_000L, 10_100_000L);
        assertThat(RealFiles.attempt("btrfs", "qgroup", "show", backend.pool().toString()))
                .isPresent();
    }

    @Test
    void limitsAVolumeThatHasBytesAlready() throws IOException {
        backend.create(id, spec(0));
        backend.attach(id, spec(0), point());
        fill(point().resolve("_data/file"), 10 * MB);

        assertThatThrownBy(() -> backend.resize(id, spec(0), 5 * MB, point()))
                .hasMessageContaining("below the");
        backend.resize(id, spec(0), 12 * MB, point());

        assertThatThrownBy(() -> fill(point().resolve("_data/more"), 10 * MB))
                .hasMessageContaining("Disk quota exceeded");
    }

    @Test
    void isDestroyedWithTheSubvolumesThatContainersMade() throws IOException {
        Path data = attached();
        Path nested = data.resolve("a\nb");
        RealFiles.run("btrfs", "subvolume", "create", nested.toString());
        RealFiles.run("btrfs", "subvolume", "create", nested.resolve("inner").toString());
        RealFiles.run(
                "btrfs", "subvolume", "snapshot", "-r", nested.toString(), data + "/read-only");
        Files.writeString(nested.resolve("inner/file"), "deep");
        backend.snapshot(id, "s1", point());
        detach();

        backend.destroy(id);

        assertThat(VolumeFolder.of(backend.pool(), id).path()).doesNotExist();
        assertThat(subvolumes()).isEmpty();
    }

    @Test
    void isNotRestoredOverSubvolumesThatContainersMade() throws IOException {
        Path data = attached();
        backend.snapshot(id, "s1", point());
        RealFiles.run("btrfs", "subvolume", "create", data.resolve("nested").toString());
        Files.writeString(data.resolve("nested/file"), "only here");
        detach();

        assertThatThrownBy(() -> backend.restore(id, "s1"))
                .hasMessageContaining("would be lost: _data/nested; delete them");
        assertThat(attach().resolve("nested/file")).hasContent("only here");
        detach();
        RealFiles.run(
                "btrfs",
                "subvolume",
                "delete",
                VolumeFolder.of(backend.pool(), id).tree().resolve("_data/nested").toString());
        backend.restore(id, "s1");
        assertThat(attach()).isEmptyDirectory();
    }

    @Test
    void takesNoRoomForASnapshot() throws IOException {
        fill(attached().resolve("file"), 10 * MB);
        backend.snapshot(id, "s1", point());
        RealFiles.run("sync", "-f", point().toString());

        assertThat(backend.snapshots(id).getFirst().bytes()).isBetween(0L, 1_000_000L);

        Files.delete(point().resolve("_data/file"));
        RealFiles.run("sync", "-f", point().toString());
        assertThat(backend.snapshots(id).getFirst().bytes()).isGreaterThan(9_900_000L);
    }

    @Test
    void saysWhatIsMissing() throws IOException {
        Backend elsewhere = make(files.folder("elsewhere"), new Tools());
        Backend poor = make(backend.pool(), new Tools(List.of(files.folder("empty"))));

        assertThat(elsewhere.probe().missing())
                .hasValueSatisfying(why -> assertThat(why).contains("put the pool on a btrfs"));
        assertThat(poor.probe().missing())
                .hasValue("btrfs is not there: install the Debian package btrfs-progs");
        assertThat(backend.probe().snapshots()).isEqualTo(Probe.Snapshots.COW);
        assertThat(backend.probe().fileSystem()).isEqualTo("btrfs");
    }
}
