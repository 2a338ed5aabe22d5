// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
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
    void leavesARestoreAloneWhenSomebodyOnlyLooks() throws IOException {
        backend.create(id, spec());
        VolumeFolder folder = VolumeFolder.of(backend.pool(), id);
        leaveTree(folder.path().resolve("tree.tmp"));
        leaveTree(folder.path().resolve("tree.old"));

        backend.usage(id, spec(), null);
        backend.exists(id);
        backend.snapshots(id);

        assertThat(halves()).hasSize(2);
    }

    @Test
    void isRestoredWholeWhileSomebodyLooks() throws Exception {
        Path data = attached();
        for (int i = 0; i < 3000; i++) {
            Files.writeString(data.resolve("file" + i), "kept");
        }
        backend.snapshot(id, "s1", point());
        detach();
        AtomicBoolean over = new AtomicBoolean();
        Thread looking = Thread.ofPlatform().start(() -> look(over));
        try {
            for (int round = 0; round < 5; round++) {
                backend.restore(id, "s1");
            }
        } finally {
            over.set(true);
            looking.join();
        }
        try (var restored = Files.list(attach())) {
            assertThat(restored).hasSize(3000);
        }
        assertThat(halves()).isEmpty();
    }

    private void look(AtomicBoolean over) {
        while (!over.get()) {
            try {
                backend.usage(id, spec(), null);
            } catch (IOException _) {
                // The tree is exchanged just now.
            }
        }
    }

    @Test
    void forgetsSnapshotsThatACrashLeftHalfMade() throws IOException {
        backend.create(id, spec());
        VolumeFolder folder = VolumeFolder.of(backend.pool(), id);
        backend.snapshot(id, "s1", null);
        leaveTree(folder.snapshots().resolve("s2.tmp"));

        backend.recover(id, null);

        assertThat(halves()).isEmpty();
        assertThat(backend.snapshots(id)).hasSize(1);
    }

    @Test
    void showsNoSnapshotThatIsNotItsOwn() throws IOException {
        backend.create(id, spec());
        backend.snapshot(id, "s1", null);
        leaveTree(VolumeFolder.of(backend.pool(), id).snapshot("s2"));
        Path shown = files.folder("shown");

        assertThatThrownBy(() -> backend.attachSnapshot(id, "s2", shown))
                .hasMessageContaining("is not the volume");
        assertThat(files.mounts()).doesNotContain(shown.toString());
    }

    @Test
    void keepsNothingOfTheOutsideWhenAFolderBecomesALink() throws Exception {
        Path outside = files.folder("outside");
        Path data = attached();
        Path folder = Files.createDirectory(data.resolve("folder"));
        for (int i = 0; i < 3000; i++) {
            Files.writeString(folder.resolve("file" + i), "inside");
            Files.writeString(outside.resolve("file" + i), "outside");
        }
        Process swapping =
                new ProcessBuilder(
                                "sh",
                                "-c",
                                "cd "
                                        + data
                                        + " && ln -s "
                                        + outside
                                        + " link && while :; do mv -T folder away; mv -T link"
                                        + " folder; mv -T folder link; mv -T away folder; done")
                        .start();
        try {
            for (int round = 0; round < 20; round++) {
                try {
                    backend.snapshot(id, "s" + round, point());
                } catch (IOException e) {
                    assertThat(e).hasMessageContaining("symbolic link");
                }
            }
        } finally {
            swapping.destroyForcibly().waitFor();
        }
        Path snapshots = VolumeFolder.of(backend.pool(), id).snapshots();
        assertThat(RealFiles.run("find", snapshots.toString(), "-type", "f", "-name", "file*"))
                .as("what was copied at all")
                .isNotEmpty();
        assertThat(RealFiles.attempt("grep", "--recursive", "-lx", "outside", snapshots.toString()))
                .as("grep finds nothing")
                .isPresent();
        assertThat(files.mounts()).noneMatch(each -> each.contains("copy-"));
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
