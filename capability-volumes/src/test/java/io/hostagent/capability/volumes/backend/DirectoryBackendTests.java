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
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class DirectoryBackendTests extends TreeContract {

    @Override
    String[] programs() {
        return new String[] {"setfattr", "getfattr", "setfacl"};
    }

    @Override
    Path makePool() throws IOException {
        return files.path("pool");
    }

    @Override
    Backend make(Path pool, Tools tools) {
        return new DirectoryBackend(pool, tools);
    }

    @Override
    VolumeSpec spec() {
        return spec(0);
    }

    @Override
    VolumeSpec spec(long size) {
        return spec(BackendKind.DIRECTORY, FileSystemType.EXT4, size);
    }

    @Override
    void leaveTree(Path tree) throws IOException {
        Files.createDirectories(tree.resolve("_data"));
        Files.writeString(tree.resolve("_data/rest"), "half");
    }

    @Test
    void refusesALimitAndSaysWhoHasOne() {
        assertThatThrownBy(() -> backend.check(spec(1 << 20)))
                .hasMessageContaining("cannot limit a volume");
        assertThatThrownBy(() -> backend.create(id, spec(1 << 20)))
                .hasMessage(
                        "the directory backend cannot limit a volume: leave the size out, or use"
                                + " the backend btrfs or loop");
        assertThat(backend.pool()).doesNotExist();
    }

    @Test
    void leavesNothingWhenThePoolIsFull() throws IOException {
        Path pool = files.folder("small");
        RealFiles.run("mount", "-t", "tmpfs", "-o", "size=20M", "none", pool.toString());
        backend = make(pool, new Tools());
        fill(attached().resolve("file"), 12 * MB);

        assertThatThrownBy(() -> backend.snapshot(id, "s1", point()))
                .isInstanceOf(NoSpaceException.class)
                .hasMessageStartingWith("the pool is full: cp failed");
        assertThat(halves()).isEmpty();
        assertThat(backend.snapshots(id)).isEmpty();
    }

    @Test
    void takesASnapshotOfFilesThatComeAndGo() throws Exception {
        Path data = attached();
        Files.writeString(data.resolve("stays"), "here");
        AtomicBoolean over = new AtomicBoolean();
        Thread busy = Thread.ofPlatform().start(() -> churn(data, over));
        try {
            for (int round = 0; round < 10; round++) {
                backend.snapshot(id, "s" + round, point());
            }
        } finally {
            over.set(true);
            busy.join();
        }
        assertThat(backend.snapshots(id))
                .hasSize(10)
                .allSatisfy(
                        each ->
                                assertThat(
                                                VolumeFolder.of(backend.pool(), id)
                                                        .snapshot(each.name())
                                                        .resolve("_data/stays"))
                                        .hasContent("here"));
    }

    private static void churn(Path data, AtomicBoolean over) {
        try {
            for (int i = 0; !over.get(); i++) {
                Files.writeString(data.resolve("f" + i % 2000), "x");
                Files.deleteIfExists(data.resolve("f" + (i * 7L) % 2000));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void saysWhatIsMissing() throws IOException {
        Backend poor = make(files.path("pool"), new Tools(List.of(files.folder("empty"))));

        assertThat(poor.probe().missing())
                .hasValue("mount is not there: install the Debian package mount");
        assertThat(backend.probe().limit()).isEqualTo(Probe.Limit.NONE);
        assertThat(backend.probe().capacity()).isPositive();
    }
}
