// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What backends that keep a tree do besides. */
abstract class TreeContract extends BackendContract {

    @Test
    void hasWhatItWasWhenARestoreWasCutOffBetweenTwoRenames() throws IOException {
        Files.writeString(attached().resolve("file"), "first");
        backend.snapshot(id, "s1", point());
        Files.writeString(point().resolve("_data/file"), "second");
        detach();
        VolumeFolder folder = VolumeFolder.of(backend.pool(), id);
        Files.move(folder.tree(), folder.path().resolve("tree.old"));
        leaveTree(folder.path().resolve("tree.tmp"));

        assertThat(backend.exists(id)).isTrue();
        backend.recover(id, null);

        assertThat(attach().resolve("file")).hasContent("second");
        assertThat(halves()).isEmpty();
        detach();
        backend.restore(id, "s1");
        assertThat(attach().resolve("file")).hasContent("first");
    }

    @Test
    void forgetsWhatWasReplacedWhenARestoreWasCutOffAtItsEnd() throws IOException {
        Files.writeString(attached().resolve("file"), "restored");
        detach();
        leaveTree(VolumeFolder.of(backend.pool(), id).path().resolve("tree.old"));

        assertThat(attach().resolve("file")).hasContent("restored");

        assertThat(halves()).isEmpty();
    }

    @Test
    void forgetsASnapshotThatWasCutOff() throws IOException {
        backend.create(id, spec());
        VolumeFolder folder = VolumeFolder.of(backend.pool(), id);
        leaveTree(folder.snapshots().resolve("s1.tmp"));
        assertThat(backend.snapshots(id)).isEmpty();

        backend.snapshot(id, "s1", null);
        leaveTree(folder.snapshots().resolve("s2.tmp"));
        assertThat(backend.snapshots(id)).hasSize(1);

        backend.destroy(id);
        assertThat(folder.path()).doesNotExist();
    }

    @Override
    void leaveHalfMade() throws IOException {
        VolumeFolder folder = VolumeFolder.of(backend.pool(), id);
        Files.createDirectories(folder.path());
        leaveTree(folder.tree());
        leaveTree(folder.path().resolve("tree.tmp"));
    }

    /** A tree as this backend has them, with something in it. */
    abstract void leaveTree(Path tree) throws IOException;
}
