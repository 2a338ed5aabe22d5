// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostagent.capability.volumes.tool.Tools;
import io.hostagent.capability.volumes.volume.BackendKind;
import io.hostagent.capability.volumes.volume.FileSystemType;
import io.hostagent.capability.volumes.volume.VolumeSpec;
import io.hostagent.core.fixture.SilentMount;
import io.hostagent.core.host.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A file system of its own stands for that of a server. */
class SharedBackendTests extends TreeContract {

    private static final String SILENT = " does not answer within 1 s: is its server gone?";

    @Override
    String[] programs() {
        return new String[] {"setfattr", "getfattr", "setfacl", "mkfs.ext4"};
    }

    @Override
    Path makePool() throws IOException {
        Path pool = files.mounted("shared", "1G", "mkfs.ext4", "-q");
        Files.createFile(pool.resolve(SharedBackend.MARKER));
        return pool;
    }

    @Override
    Backend make(Path pool, Tools tools) {
        return new SharedBackend(pool, tools);
    }

    @Override
    VolumeSpec spec() {
        return spec(0);
    }

    @Override
    VolumeSpec spec(long size) {
        return spec(BackendKind.SHARED, FileSystemType.EXT4, size);
    }

    @Override
    void leaveTree(Path tree) throws IOException {
        Files.createDirectories(tree.resolve("_data"));
        Files.writeString(tree.resolve("_data/rest"), "half");
    }

    @Test
    void marksWhatAServerHasAndNothingElse() throws IOException {
        Path pool = Path.of("/srv/shared");
        SharedBackend shared = new SharedBackend(pool, new Tools());

        assertThat(shared.isOfServer(mount("/srv/shared", "nfs4"))).isTrue();
        assertThat(shared.isOfServer(mount("/srv/shared", "fuse.glusterfs"))).isTrue();
        assertThat(shared.isOfServer(mount("/srv/shared", "ext4"))).isFalse();
        assertThat(shared.isOfServer(mount("/srv/shared", "fuseblk"))).isFalse();
        assertThat(shared.isOfServer(mount("/srv", "nfs4"))).isFalse();
    }

    private static Mount mount(String point, String type) {
        return new Mount("8:1", "/", point, false, type, "any");
    }

    @Test
    void marksNoPartitionOfTheHostOnWhichTheMountIsMissing() throws IOException {
        Path disk = files.mounted("disk", "100M", "mkfs.ext4", "-q");
        Path pool = Files.createDirectory(disk.resolve("pool"));

        for (Path each : new Path[] {disk, pool}) {
            assertThat(make(each, new Tools()).probe().missing())
                    .hasValueSatisfying(
                            why ->
                                    assertThat(why)
                                            .contains("touch " + each)
                                            .endsWith(SharedBackend.MARKER));
            assertThat(each.resolve(SharedBackend.MARKER)).doesNotExist();
        }
        Files.createFile(pool.resolve(SharedBackend.MARKER));
        assertThat(make(pool, new Tools()).probe().works()).isTrue();
    }

    @Test
    void writesNothingWhenThePoolIsNotMounted() throws IOException {
        attached();
        detach();
        Path pool = backend.pool();
        RealFiles.run("umount", pool.toString());

        assertThat(backend.probe().missing())
                .hasValueSatisfying(why -> assertThat(why).contains("not mounted on this host"));
        assertThatThrownBy(() -> backend.create(UUID.randomUUID(), spec()))
                .hasMessageContaining("not mounted on this host");
        assertThatThrownBy(this::attach).hasMessageContaining("not mounted on this host");
        assertThatThrownBy(() -> backend.snapshot(id, "s1", null))
                .hasMessageContaining("not mounted");
        assertThatThrownBy(() -> backend.exists(id)).hasMessageContaining("not mounted");
        assertThatThrownBy(backend::scan).hasMessageContaining("not mounted");
        assertThatThrownBy(() -> backend.destroy(id)).hasMessageContaining("not mounted");
        assertThat(pool).isEmptyDirectory();
    }

    @Test
    void doesNotTakeAFolderOfTheHostsDiskForWhatIsShared() throws IOException {
        Path folder = files.folder("host");
        Path pool = files.folder("bound");
        RealFiles.run("mount", "--bind", folder.toString(), pool.toString());
        Backend other = make(pool, new Tools());

        assertThat(other.probe().missing())
                .hasValueSatisfying(why -> assertThat(why).contains(SharedBackend.MARKER));
        assertThatThrownBy(() -> other.create(id, spec())).hasMessageContaining("make that file");
        assertThat(folder).isEmptyDirectory();

        Files.createFile(folder.resolve(SharedBackend.MARKER));
        assertThat(other.probe().missing()).isEmpty();
        other.create(id, spec());
        assertThat(other.exists(id)).isTrue();
    }

    @Test
    @Timeout(60)
    void saysOfAServerThatIsGoneThatItDoesNotAnswer() throws IOException {
        attached();
        backend.snapshot(id, "s1", point());
        Backend patient = new SharedBackend(backend.pool(), new Tools(), Duration.ofSeconds(1));
        assertThat(patient.probe().works()).isTrue();
        UUID other = UUID.randomUUID();

        try (SilentMount _ = SilentMount.at(backend.pool())) {
            assertThat(patient.probe().missing())
                    .hasValueSatisfying(why -> assertThat(why).contains(SILENT));
            for (ThrowingCallable call :
                    List.<ThrowingCallable>of(
                            patient::awaitAnswer,
                            patient::scan,
                            () -> patient.exists(id),
                            () -> patient.create(other, spec()),
                            () -> patient.snapshot(id, "s2", null),
                            () -> patient.snapshots(id),
                            () -> patient.deleteSnapshot(id, "s1"),
                            () -> patient.restore(id, "s1"),
                            () -> patient.copy(id, "s1", other, spec()),
                            () -> patient.attachSnapshot(id, "s1", files.folder("shown")),
                            () -> patient.usage(id, spec(), null),
                            () -> patient.detach(id, point()),
                            () -> patient.destroy(id),
                            () -> patient.recover(id, null))) {
                assertThatThrownBy(call).hasMessageContaining(SILENT);
            }
        }

        assertThat(patient.probe().missing()).isEmpty();
        assertThat(patient.snapshots(id)).extracting(Snapshot::name).containsExactly("s1");
        patient.detach(id, point());
    }

    @Test
    void needsAPoolThatIsThere() {
        Path nowhere = files.path("nowhere");

        assertThat(make(nowhere, new Tools()).probe().works()).isFalse();
        assertThat(nowhere).doesNotExist();
    }
}
