// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostagent.capability.volumes.tool.Tools;
import io.hostagent.capability.volumes.volume.FileSystemType;
import io.hostagent.capability.volumes.volume.OnRemove;
import io.hostagent.capability.volumes.volume.VolumeSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every backend does alike, on real file systems. */
abstract class BackendContract {

    static final int MB = 1_000_000;

    RealFiles files;
    Backend backend;
    final UUID id = UUID.randomUUID();

    abstract String[] programs();

    abstract Path makePool() throws IOException;

    abstract Backend make(Path pool, Tools tools);

    /** That of a volume; {@code size} where the backend has limits. */
    abstract VolumeSpec spec(long size);

    VolumeSpec spec() {
        return spec(400L << 20);
    }

    VolumeSpec spec(
            io.hostagent.capability.volumes.volume.BackendKind kind,
            FileSystemType type,
            long size) {
        return new VolumeSpec(kind, size, "", type, 1234, 5678, 01770, OnRemove.DELETE, "");
    }

    @BeforeEach
    void prepare() throws IOException {
        files = RealFiles.make(programs());
        backend = make(makePool(), new Tools());
        assertThat(backend.probe().missing()).isEmpty();
    }

    @AfterEach
    void clean() throws IOException {
        if (files != null) {
            files.close();
        }
    }

    Path point() throws IOException {
        return files.folder("point");
    }

    /** A volume that is mounted, and its folder for containers. */
    Path attached() throws IOException {
        backend.create(id, spec());
        return attach();
    }

    Path attach() throws IOException {
        backend.attach(id, spec(), point());
        return point().resolve(VolumeFolder.DATA);
    }

    void detach() throws IOException {
        backend.detach(id, point());
    }

    static void fill(Path file, long bytes) throws IOException {
        byte[] block = new byte[1 << 16];
        Random random = new Random(42);
        try (var out = Files.newOutputStream(file)) {
            for (long left = bytes; left > 0; left -= block.length) {
                random.nextBytes(block);
                out.write(block, 0, (int) Math.min(left, block.length));
            }
        }
    }

    @Test
    void keepsWhatIsWritten() throws IOException {
        Path data = attached();
        Files.writeString(data.resolve("file"), "kept");
        detach();
        assertThat(point()).isEmptyDirectory();

        assertThat(attach().resolve("file")).hasContent("kept");
    }

    @Test
    void beginsEmptyWithItsOwnerAndMode() throws IOException {
        Path data = attached();

        assertThat(data).isEmptyDirectory();
        assertThat(Files.getAttribute(data, "unix:uid")).isEqualTo(1234);
        assertThat(Files.getAttribute(data, "unix:gid")).isEqualTo(5678);
        assertThat((int) Files.getAttribute(data, "unix:mode") & 07777).isEqualTo(01770);
    }

    @Test
    void saysWhoseBytesTheseAre() throws IOException {
        attached();

        assertThat(point().resolve(VolumeFolder.IDENTITY)).hasContent(id + "\n");
    }

    @Test
    void isThereOnceItIsCreated() throws IOException {
        assertThat(backend.exists(id)).isFalse();

        backend.create(id, spec());

        assertThat(backend.exists(id)).isTrue();
        assertThat(backend.scan()).containsExactly(id);
    }

    @Test
    void isNotCreatedOverBytes() throws IOException {
        Files.writeString(attached().resolve("file"), "kept");
        detach();

        assertThatThrownBy(() -> backend.create(id, spec()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("there are bytes");
        assertThat(attach().resolve("file")).hasContent("kept");
    }

    @Test
    void leavesTheMarkerAloneUntilItIsDestroyed() throws IOException {
        VolumeFolder folder = VolumeFolder.of(backend.pool(), id);
        Files.createDirectories(folder.path());
        Files.writeString(folder.marker(), "{}");
        attached();
        backend.snapshot(id, "s1", point());
        detach();
        backend.restore(id, "s1");
        assertThat(folder.marker()).hasContent("{}");

        backend.destroy(id);

        assertThat(folder.path()).doesNotExist();
    }

    @Test
    void cannotBeAttachedWithoutBytes() throws IOException {
        Path point = point();

        assertThatThrownBy(() -> backend.attach(id, spec(), point)).isInstanceOf(IOException.class);
        assertThat(files.mounts()).doesNotContain(point.toString());
    }

    @Test
    void isNotDetachedWhileAFileIsOpen() throws IOException {
        Path data = attached();
        Files.writeString(data.resolve("file"), "in use");
        try (InputStream open = Files.newInputStream(data.resolve("file"))) {
            assertThatThrownBy(this::detach)
                    .isInstanceOf(BusyVolumeException.class)
                    .hasMessageContaining("file open");
            assertThat(files.mounts()).contains(point().toString());
            assertThat(open.read()).isEqualTo('i');
        }
        detach();
        assertThat(files.mounts()).doesNotContain(point().toString());
    }

    @Test
    void isDetachedTwiceWithoutHarm() throws IOException {
        attached();
        detach();
        detach();

        assertThat(files.mounts()).doesNotContain(point().toString());
    }

    @Test
    void goesBackToASnapshotThatWasTakenWhileItWasInUse() throws IOException {
        Path data = attached();
        Files.writeString(data.resolve("file"), "before");
        backend.snapshot(id, "s1", point());
        Files.writeString(data.resolve("file"), "after");
        Files.writeString(data.resolve("other"), "after");
        detach();

        backend.restore(id, "s1");

        Path restored = attach();
        assertThat(restored.resolve("file")).hasContent("before");
        assertThat(restored.resolve("other")).doesNotExist();
        Files.writeString(restored.resolve("file"), "writable");
        detach();
        backend.restore(id, "s1");
        assertThat(attach().resolve("file")).hasContent("before");
    }

    @Test
    void listsSnapshotsByTheirAge() throws IOException {
        attached();
        backend.snapshot(id, "z", point());
        backend.snapshot(id, "2026-11-21T02:00Z", point());
        detach();
        backend.snapshot(id, "a", null);

        assertThat(backend.snapshots(id).stream().map(Snapshot::name))
                .containsExactly("z", "2026-11-21T02:00Z", "a");

        backend.deleteSnapshot(id, "z");
        backend.deleteSnapshot(id, "z");
        assertThat(backend.snapshots(id).stream().map(Snapshot::name))
                .containsExactly("2026-11-21T02:00Z", "a");
    }

    @Test
    void takesNoSnapshotTwiceAndNoneOutsideItsFolder() throws IOException {
        backend.create(id, spec());
        backend.snapshot(id, "s1", null);

        assertThatThrownBy(() -> backend.snapshot(id, "s1", null)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> backend.snapshot(id, "../x", null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> backend.restore(id, "none"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no snapshot");
    }

    @Test
    void makesAVolumeOutOfASnapshot() throws IOException {
        Files.writeString(attached().resolve("file"), "copied");
        backend.snapshot(id, "s1", point());
        UUID other = UUID.randomUUID();

        backend.copy(id, "s1", other, spec());

        Path second = files.folder("second");
        backend.attach(other, spec(), second);
        assertThat(second.resolve(VolumeFolder.IDENTITY)).hasContent(other + "\n");
        Path data = second.resolve(VolumeFolder.DATA);
        assertThat(data.resolve("file")).hasContent("copied");
        assertThat(Files.getAttribute(data, "unix:uid")).isEqualTo(1234);
        Files.writeString(data.resolve("file"), "changed");
        assertThat(point().resolve(VolumeFolder.DATA).resolve("file")).hasContent("copied");
    }

    @Test
    void showsASnapshotThatNobodyCanChange() throws IOException {
        Files.writeString(attached().resolve("file"), "old");
        backend.snapshot(id, "s1", point());
        Path shown = files.folder("shown");

        backend.attachSnapshot(id, "s1", shown);

        Path file = shown.resolve(VolumeFolder.DATA).resolve("file");
        assertThat(file).hasContent("old");
        assertThatThrownBy(() -> Files.writeString(file, "new"))
                .hasMessageContaining("Read-only file system");
        backend.detach(id, shown);
        assertThat(shown).isEmptyDirectory();
        Files.writeString(point().resolve(VolumeFolder.DATA).resolve("file"), "still writable");
    }

    @Test
    void isDestroyedWithItsSnapshots() throws IOException {
        Files.writeString(attached().resolve("file"), "gone soon");
        backend.snapshot(id, "s1", point());
        backend.snapshot(id, "s2", point());
        detach();

        backend.destroy(id);
        backend.destroy(id);

        assertThat(VolumeFolder.of(backend.pool(), id).path()).doesNotExist();
        assertThat(backend.exists(id)).isFalse();
        assertThat(backend.scan()).isEmpty();
    }

    @Test
    void keepsNamesAttributesLinksAndHoles() throws IOException {
        Path data = attached();
        Path odd = data.resolve("a\nb Gerät 😀");
        Files.writeString(odd, "odd");
        RealFiles.run("setfattr", "-n", "user.note", "-v", "hello", odd.toString());
        RealFiles.run("setfattr", "-n", "trusted.note", "-v", "root", odd.toString());
        RealFiles.run("setfacl", "-m", "u:4321:r", odd.toString());
        Files.createLink(data.resolve("link"), odd);
        Files.createSymbolicLink(data.resolve("symbolic"), Path.of("nowhere"));
        RealFiles.run("mkfifo", data.resolve("fifo").toString());
        Files.setAttribute(odd, "unix:mode", 04711);
        try (RandomAccessFile sparse =
                new RandomAccessFile(data.resolve("sparse").toFile(), "rw")) {
            sparse.setLength(200L << 20);
            sparse.seek(100L << 20);
            sparse.write(1);
        }
        String before = tree(data);
        backend.snapshot(id, "s1", point());
        Files.delete(odd);
        detach();

        backend.restore(id, "s1");

        assertThat(tree(attach())).isEqualTo(before);
        Path sparse = point().resolve(VolumeFolder.DATA).resolve("sparse");
        RealFiles.run("sync", "-f", sparse.toString());
        String allocated = RealFiles.run("du", "-B1", sparse.toString());
        assertThat(Long.parseLong(allocated.substring(0, allocated.indexOf('\t'))))
                .isBetween(1L, 4L << 20);
    }

    /** Each file with what it is, and its extended attributes, ACLs among them. */
    private static String tree(Path data) throws IOException {
        return RealFiles.run(
                        "find",
                        data.toString(),
                        "-mindepth",
                        "1",
                        "-printf",
                        "%P|%y|%m|%U|%G|%s|%n|%T@|%l\\n")
                + RealFiles.run(
                        "getfattr",
                        "-R",
                        "-h",
                        "-d",
                        "-m",
                        "-",
                        "--absolute-names",
                        data.toString());
    }

    @Test
    void countsWhatItHolds() throws IOException {
        Path data = attached();
        RealFiles.run("sync", "-f", data.toString());
        long before = backend.usage(id, spec(), point()).used();
        fill(data.resolve("file"), 10 * MB);
        RealFiles.run("sync", "-f", data.toString());

        Usage usage = backend.usage(id, spec(), point());

        assertThat(usage.used() - before).isBetween(9_900_000L, 10_100_000L);
        assertThat(usage.limit()).isEqualTo(spec().size());
        detach();
        assertThat(backend.usage(id, spec(), null).used()).isGreaterThan(9_900_000L);
    }

    @Test
    void throwsAwayWhatWasHalfMade() throws IOException {
        leaveHalfMade();
        assertThat(backend.exists(id)).isFalse();

        assertThat(attached()).isEmptyDirectory();

        assertThat(halves()).isEmpty();
    }

    /** Leaves what a crash during the creation of the volume would leave. */
    abstract void leaveHalfMade() throws IOException;

    /** What is left in the volume's folder that should not be there. */
    java.util.List<String> halves() throws IOException {
        try (var all = Files.walk(VolumeFolder.of(backend.pool(), id).path(), 2)) {
            return all.map(Path::toString)
                    .filter(name -> name.endsWith(".tmp") || name.endsWith(".old"))
                    .toList();
        }
    }
}
