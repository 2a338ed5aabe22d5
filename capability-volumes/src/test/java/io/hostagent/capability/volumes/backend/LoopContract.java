// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostagent.capability.volumes.tool.CopyWatch;
import io.hostagent.capability.volumes.tool.CopyWatch.Copied;
import io.hostagent.capability.volumes.tool.Tools;
import io.hostagent.capability.volumes.volume.BackendKind;
import io.hostagent.capability.volumes.volume.FileSystemType;
import io.hostagent.capability.volumes.volume.VolumeSpec;
import io.hostagent.core.kernel.FileSpace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What images do besides, whatever the file system in them. */
abstract class LoopContract extends BackendContract {

    private final FileSystemType type;

    LoopContract(FileSystemType type) {
        this.type = type;
    }

    @Override
    String[] programs() {
        return new String[] {
            "setfattr", "getfattr", "setfacl", "mkfs." + type.word(), "losetup", "unshare"
        };
    }

    @Override
    Path makePool() throws IOException {
        return files.path("pool");
    }

    @Override
    Backend make(Path pool, Tools tools) {
        return new LoopBackend(pool, tools);
    }

    @Override
    VolumeSpec spec(long size) {
        return spec(BackendKind.LOOP, type, size);
    }

    @Override
    void leaveHalfMade() throws IOException {
        VolumeFolder folder = VolumeFolder.of(backend.pool(), id);
        Files.createDirectories(folder.path());
        Path half = Folders.halfMade(folder.image());
        RealFiles.run("truncate", "-s", "400M", half.toString());
        RealFiles.run("mkfs." + type.word(), "-q", half.toString());
        Path build = Files.createDirectory(folder.path().resolve("build"));
        RealFiles.run("mount", "-o", "loop", half.toString(), build.toString());
    }

    VolumeFolder folder() {
        return VolumeFolder.of(backend.pool(), id);
    }

    @AfterEach
    void giveAllDevicesBack() throws IOException {
        if (files != null && files.mounts().isEmpty()) {
            assertThat(files.loops()).isEmpty();
        }
    }

    @Test
    void hasNoDeviceWhenItIsDetached() throws IOException {
        attached();
        assertThat(files.loops()).hasSize(1);

        detach();

        assertThat(files.loops()).isEmpty();
        assertThat(backend.isHeld(id)).isFalse();
    }

    @Test
    void takesTheDeviceBackThatACrashHasLeft() throws IOException {
        backend.create(id, spec());
        RealFiles.run("losetup", "--find", folder().image().toString());

        attach();

        assertThat(files.loops()).hasSize(1);
    }

    @Test
    void isNotMountedTwice() throws IOException {
        attached();
        Path second = files.folder("second");

        assertThatThrownBy(() -> backend.attach(id, spec(), second))
                .isInstanceOf(BusyVolumeException.class)
                .hasMessageContaining("mounted already");
        assertThatThrownBy(() -> backend.snapshot(id, "s1", null))
                .isInstanceOf(BusyVolumeException.class);
        assertThatThrownBy(() -> backend.destroy(id)).isInstanceOf(BusyVolumeException.class);
        assertThat(files.mounts()).doesNotContain(second.toString());
        assertThat(files.loops()).hasSize(1);
        assertThat(backend.exists(id)).isTrue();
    }

    @Test
    void isHeldByAMountThatOnlyAnotherNamespaceHas() throws Exception {
        attached();
        Process other =
                new ProcessBuilder(
                                "unshare",
                                "--mount",
                                "--propagation",
                                "private",
                                "sh",
                                "-c",
                                "echo ready; exec sleep 600")
                        .start();
        try {
            assertThat(other.inputReader().readLine()).isEqualTo("ready");
            detach();

            assertThat(files.mounts()).doesNotContain(point().toString());
            assertThat(backend.isHeld(id)).isTrue();
            assertThatThrownBy(this::attach).isInstanceOf(BusyVolumeException.class);
        } finally {
            other.destroyForcibly();
            assertThat(other.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
        // The namespace goes a moment after its last process.
        Awaitility.await().until(() -> !backend.isHeld(id));
        attach();
    }

    @Test
    void holdsNoMoreThanItsSizeAndGoesOn() throws IOException {
        Path data = attached();

        assertThatThrownBy(() -> fill(data.resolve("file"), 500 * MB))
                .hasMessageContaining("No space left on device");

        Usage usage = backend.usage(id, spec(), point());
        assertThat(usage.used()).isBetween(usage.limit() * 98 / 100, usage.limit());
        Files.delete(data.resolve("file"));
        fill(data.resolve("file"), 10 * MB);
        assertThat(data.resolve("file")).hasSize(10 * MB);
    }

    /** What growing needs while it is in use. */
    abstract void assumeItMayGrowInUse() throws IOException;

    @Test
    void growsWhileItIsInUse() throws IOException {
        assumeItMayGrowInUse();
        Path data = attached();
        fill(data.resolve("file"), 10 * MB);

        backend.resize(id, spec(), 800L << 20, point());

        assertThat(backend.usage(id, spec(800L << 20), point()).limit()).isEqualTo(800L << 20);
        fill(data.resolve("more"), 600 * MB);
        detach();
        assertThat(attach().resolve("more")).hasSize(600 * MB);
    }

    @Test
    void growsWhileItIsNotInUseAndNeverBecomesSmaller() throws IOException {
        backend.create(id, spec());

        backend.resize(id, spec(), 800L << 20, null);
        backend.resize(id, spec(800L << 20), 800L << 20, null);

        assertThatThrownBy(() -> backend.resize(id, spec(800L << 20), 400L << 20, null))
                .hasMessageContaining("cannot become smaller");
        fill(attach().resolve("file"), 600 * MB);
    }

    @Test
    void isAsLargeAsBeforeWhenItGoesBackToASmallerSnapshot() throws IOException {
        Files.writeString(attached().resolve("file"), "small");
        backend.snapshot(id, "s1", point());
        detach();
        backend.resize(id, spec(), 800L << 20, null);

        backend.restore(id, "s1");

        Path data = attach();
        assertThat(data.resolve("file")).hasContent("small");
        fill(data.resolve("more"), 600 * MB);
    }

    @Test
    void makesALargerVolumeOutOfASnapshotButNoneOfAnotherKind() throws IOException {
        Files.writeString(attached().resolve("file"), "copied");
        backend.snapshot(id, "s1", point());
        UUID other = UUID.randomUUID();
        FileSystemType wrong =
                type == FileSystemType.EXT4 ? FileSystemType.XFS : FileSystemType.EXT4;

        assertThatThrownBy(
                        () ->
                                backend.copy(
                                        id, "s1", other, spec(BackendKind.LOOP, wrong, 400 << 20)))
                .hasMessageContaining("the snapshot is of " + type.word());
        assertThatThrownBy(() -> backend.copy(id, "s1", other, spec(350 << 20)))
                .hasMessageContaining("cannot become smaller");
        backend.copy(id, "s1", other, spec(800L << 20));

        Path second = files.folder("second");
        backend.attach(other, spec(), second);
        assertThat(second.resolve("_data/file")).hasContent("copied");
        fill(second.resolve("_data/more"), 600 * MB);
        assertThat(uuid(VolumeFolder.of(backend.pool(), other).image()))
                .isNotEqualTo(uuid(folder().image()));
    }

    private static String uuid(Path image) throws IOException {
        return RealFiles.run(
                "blkid", "--probe", "--output", "value", "--match-tag", "UUID", image.toString());
    }

    @Test
    void isInOrderAgainAfterThePowerWent() throws IOException {
        Path data = attached();
        Files.writeString(data.resolve("file"), "synced");
        RealFiles.run("sync", "-f", data.toString());
        Files.writeString(data.resolve("other"), "maybe");
        Path copy = files.path("copy");
        RealFiles.run("cp", "--sparse=always", folder().image().toString(), copy.toString());
        detach();
        RealFiles.run("mv", copy.toString(), folder().image().toString());

        assertThat(attach().resolve("file")).hasContent("synced");
    }

    @Test
    void isThawedWhenACrashHasLeftItFrozen() throws IOException {
        Path data = attached();
        Files.writeString(folder().path().resolve("frozen"), "");
        RealFiles.run("fsfreeze", "--freeze", point().toString());

        backend.recover(id, point());

        Files.writeString(data.resolve("file"), "writable");
        assertThat(folder().path().resolve("frozen")).doesNotExist();
        backend.recover(id, point());
    }

    @Test
    void isThawedWhenItWasUnmountedFrozen() throws IOException {
        attached();
        Files.writeString(folder().path().resolve("frozen"), "");
        RealFiles.run("fsfreeze", "--freeze", point().toString());
        RealFiles.run("umount", point().toString());

        backend.recover(id, null);

        assertThat(backend.isHeld(id)).isFalse();
        Files.writeString(attach().resolve("file"), "writable");
    }

    @Test
    void staysFrozenWhenSomebodyWhoReadsASnapshotLeaves() throws IOException {
        attached();
        backend.snapshot(id, "s1", point());
        Path shown = files.folder("shown");
        backend.attachSnapshot(id, "s1", shown);

        new Frost(new Tools())
                .during(
                        id,
                        folder(),
                        point(),
                        () -> {
                            backend.detach(id, shown);
                            assertThat(folder().path().resolve("frozen"))
                                    .hasContent(point().toString());
                        });

        assertThat(folder().path().resolve("frozen")).doesNotExist();
    }

    @Test
    void freezesNothingWhenItIsNotMountedThere() throws IOException {
        backend.create(id, spec());
        RealFiles.run("mount", "-t", "tmpfs", "none", point().toString());

        assertThatThrownBy(() -> backend.snapshot(id, "s1", point()))
                .hasMessageContaining("is not mounted at");
        RealFiles.run("umount", point().toString());
        assertThatThrownBy(() -> backend.snapshot(id, "s1", point()))
                .hasMessageContaining("is not mounted at");

        assertThat(folder().path().resolve("frozen")).doesNotExist();
        assertThat(folder().snapshots()).isEmptyDirectory();
    }

    @Test
    void showsASnapshotToManyAtOnce() throws Exception {
        Files.writeString(attached().resolve("file"), "old");
        backend.snapshot(id, "s1", point());
        detach();
        AtomicInteger shown = new AtomicInteger();
        List<Thread> readers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Path point = files.folder("shown" + i);
            readers.add(Thread.ofPlatform().start(() -> read(point, shown)));
        }
        for (Thread reader : readers) {
            reader.join();
        }
        assertThat(shown).hasValue(20);
        assertThat(files.loops()).isEmpty();
    }

    private void read(Path point, AtomicInteger shown) {
        try {
            for (int round = 0; round < 5; round++) {
                backend.attachSnapshot(id, "s1", point);
                assertThat(point.resolve("_data/file")).hasContent("old");
                backend.detach(id, point);
                shown.incrementAndGet();
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void tellsHowFarACopyIs() throws Exception {
        fill(attached().resolve("file"), 128 * MB);
        detach();
        long total = FileSpace.of(folder().image().toString()).bytes();
        CopyWatch watch = new CopyWatch();
        List<Copied> seen = new ArrayList<>();
        FutureTask<Boolean> copying =
                new FutureTask<>(
                        () ->
                                watch.during(
                                        () -> {
                                            backend.snapshot(id, "s1", null);
                                            return true;
                                        }));
        Thread.ofPlatform().start(copying);
        while (!copying.isDone()) {
            watch.now().ifPresent(seen::add);
        }

        assertThat(copying.get()).isTrue();
        assertThat(seen).isNotEmpty().extracting(Copied::total).containsOnly(total);
        assertThat(seen)
                .extracting(Copied::bytes)
                .isSorted()
                .anyMatch(bytes -> bytes > MB)
                .allMatch(bytes -> bytes <= total);
        assertThat(watch.now()).isEmpty();
    }

    @Test
    void showsNoSnapshotOfAnotherVolume() throws IOException {
        backend.create(id, spec());
        backend.snapshot(id, "s1", null);
        UUID other = UUID.randomUUID();
        backend.create(other, spec());
        Path foreign = VolumeFolder.of(backend.pool(), other).snapshot("s1");
        RealFiles.run("cp", folder().snapshot("s1").toString(), foreign.toString());
        Path shown = files.folder("shown");

        assertThatThrownBy(() -> backend.attachSnapshot(other, "s1", shown))
                .hasMessageContaining("is not the volume");
        assertThat(files.mounts()).doesNotContain(shown.toString());
        assertThat(files.loops()).isEmpty();
    }

    @Test
    void isNotLeftFrozenByASnapshotThatFails() throws IOException {
        Path pool = files.mounted("small", "200M", "mkfs.ext4", "-q", "-m", "0");
        backend = make(pool, new Tools());
        Path data = attached();
        fill(data.resolve("file"), 20 * MB);
        RealFiles.run("sync", "-f", data.toString());
        fill(pool.resolve("other"), Files.getFileStore(pool).getUsableSpace() - 5 * MB);

        assertThatThrownBy(() -> backend.snapshot(id, "s1", point()))
                .isInstanceOf(NoSpaceException.class);

        Files.writeString(data.resolve("more"), "writable");
        assertThat(folder().path().resolve("frozen")).doesNotExist();
        assertThat(backend.snapshots(id)).isEmpty();
        assertThat(folder().snapshots()).isEmptyDirectory();
    }

    @Test
    void refusesASizeThatIsNone() throws IOException {
        assertThatThrownBy(() -> backend.create(id, spec(0)))
                .hasMessage("a loop volume needs a size, such as size=10G");
        assertThatThrownBy(() -> backend.create(id, spec(1 << 20)))
                .hasMessageContaining("needs a size of at least");
        assertThat(backend.exists(id)).isFalse();
    }

    @Test
    void takesNoMoreRoomThanIsWritten() throws IOException {
        backend.create(id, spec(4L << 30));

        assertThat(backend.usage(id, spec(4L << 30), null).used()).isLessThan(100L << 20);
    }

    @Test
    void takesNothingForAnImageThatIsNone() throws IOException {
        backend.create(id, spec());
        RealFiles.run(
                "dd", "if=/dev/zero", "of=" + folder().image(), "bs=1M", "count=1", "conv=notrunc");

        assertThatThrownBy(this::attach).hasMessageContaining("neither ext4 nor xfs");
        assertThat(files.loops()).isEmpty();
    }
}
