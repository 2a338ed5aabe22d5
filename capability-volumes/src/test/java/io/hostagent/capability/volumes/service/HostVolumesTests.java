// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostagent.capability.volumes.tool.Tool;
import io.hostagent.capability.volumes.volume.BackendKind;
import io.hostagent.capability.volumes.volume.FileSystemType;
import io.hostagent.capability.volumes.volume.Hold;
import io.hostagent.capability.volumes.volume.OnRemove;
import io.hostagent.capability.volumes.volume.VolumeName;
import io.hostagent.capability.volumes.volume.VolumeSpec;
import io.hostagent.capability.volumes.volume.VolumeState;
import io.hostagent.core.error.AgentException;
import io.hostagent.core.error.BusyException;
import io.hostagent.core.fixture.SilentMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class HostVolumesTests {

    private static final VolumeName WEB = new VolumeName("web");
    private static final VolumeName COPY = new VolumeName("copy");
    private static final Map<String, String> NOTHING = Map.of();

    private TestHost host;

    @BeforeEach
    void begin() throws IOException {
        host = new TestHost();
    }

    @AfterEach
    void end() throws IOException {
        if (host != null) {
            host.close();
        }
    }

    private HostVolumes volumes() {
        return host.volumes();
    }

    private Path mounted(String id) {
        return volumes().mount(WEB, id);
    }

    private void unmounted(String id) {
        volumes().unmount(WEB, id);
        Awaitility.await().untilAsserted(() -> assertThat(volumes().path(WEB)).isEmpty());
    }

    private static void assertRefused(int status, String words, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        AgentException.class,
                        e -> {
                            assertThat(e.status()).isEqualTo(status);
                            assertThat(e.getMessage() + ": " + e.error().details()).contains(words);
                        });
    }

    @Test
    @DisplayName("C-10: gold is an image with xfs where there is no pool on btrfs")
    void hasItsBestVolumesOnXfsWithoutBtrfs() throws IOException {
        Assumptions.assumeTrue(
                host.tools.missing(Tool.MKFS_XFS, Tool.XFS_GROWFS, Tool.XFS_ADMIN).isEmpty(),
                "xfsprogs is not installed");
        VolumeSpec made =
                volumes().create(WEB, Map.of("class", "gold", "size", "300m")).record().spec();
        Path data = mounted("1");

        assertThat(made.volumeClass()).isEqualTo("gold");
        assertThat(made.backend()).isEqualTo(BackendKind.LOOP);
        assertThat(made.fs()).isEqualTo(FileSystemType.XFS);
        assertThat(Files.getFileStore(data).type()).isEqualTo("xfs");
        assertThat(Files.getFileStore(data).getTotalSpace()).isBetween(200L << 20, 300L << 20);
        unmounted("1");
    }

    @Test
    void makesNoBytesBeforeTheFirstMount() throws IOException {
        KnownVolume made = volumes().create(WEB, NOTHING);

        assertThat(made.record().state()).isEqualTo(VolumeState.NEW);
        assertThat(host.home.resolve("pools/directory")).doesNotExist();

        Path data = mounted("a");
        assertThat(data).isEmptyDirectory();
        assertThat(volumes().find("web").orElseThrow().record().state())
                .isEqualTo(VolumeState.ACTIVE);
        assertThat(volumes().find("web").orElseThrow().mountpoint()).contains(data);
    }

    @Test
    void createsOnceWhateverIsAskedAgain() {
        KnownVolume first = volumes().create(WEB, Map.of("mode", "0700"));

        assertThat(volumes().create(WEB, NOTHING)).isEqualTo(first);
        assertRefused(
                409, "mode=777 was asked for", () -> volumes().create(WEB, Map.of("mode", "777")));
        assertRefused(
                400,
                "backend=directory cannot keep a size",
                () -> volumes().create(COPY, Map.of("backend", "directory", "size", "1g")));
        assertThat(volumes().find("copy")).isEmpty();
    }

    @Test
    void makesOneVolumeOfManyCreatesAtOnce() throws Exception {
        Callable<KnownVolume> create = () -> volumes().create(WEB, NOTHING);
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<KnownVolume>> made =
                    threads.invokeAll(IntStream.range(0, 32).mapToObj(i -> create).toList());
            UUID id = made.getFirst().get().record().id();
            for (Future<KnownVolume> one : made) {
                assertThat(one.get().record().id()).isEqualTo(id);
            }
        }
    }

    @Test
    void attachesOnceForManyMountsAndDetachesAfterTheLast() throws Exception {
        volumes().create(WEB, NOTHING);
        try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
            List<Callable<Path>> mounts =
                    IntStream.range(0, 50)
                            .<Callable<Path>>mapToObj(i -> () -> mounted("id" + i))
                            .toList();
            for (Future<Path> mount : threads.invokeAll(mounts)) {
                assertThat(mount.get()).isEqualTo(volumes().path(WEB).orElseThrow());
            }
        }
        assertThat(host.mounts()).hasSize(1);

        for (int i = 1; i < 50; i++) {
            volumes().unmount(WEB, "id" + i);
        }
        assertRefused(
                409,
                "in use by mount id0",
                () -> volumes().remove(WEB, Optional.empty(), OptionalLong.empty()));
        unmounted("id0");
        assertThat(host.mounts()).isEmpty();
    }

    @Test
    void keepsItMountedWhileTheHostShowsAUser() throws IOException {
        volumes().create(WEB, NOTHING);
        mounted("a");
        host.users.add(new VolumeUser("container", "c1", "writer"));
        volumes().unmount(WEB, "a");

        Awaitility.await()
                .during(Duration.ofSeconds(3))
                .atMost(Duration.ofSeconds(10))
                .until(() -> volumes().path(WEB).isPresent());
        assertRefused(
                409,
                "in use by container writer",
                () -> volumes().remove(WEB, Optional.empty(), OptionalLong.empty()));

        host.users.clear();
        volumes().engineRestarted();
        Awaitility.await().until(() -> volumes().path(WEB).isEmpty());
    }

    @Test
    void bringsBackWhatWasRemoved() throws IOException {
        volumes().create(WEB, NOTHING);
        Files.writeString(mounted("a").resolve("file"), "one");
        unmounted("a");
        UUID id = volumes().find("web").orElseThrow().record().id();
        long epoch = volumes().find("web").orElseThrow().record().epoch();

        assertThat(volumes().remove(WEB, Optional.empty(), OptionalLong.empty()))
                .isEqualTo(OnRemove.TRASH);
        assertThat(volumes().find("web")).isEmpty();
        assertThat(volumes().all()).isEmpty();
        assertThat(volumes().trash()).singleElement().extracting(TrashedVolume::id).isEqualTo(id);

        KnownVolume other = volumes().create(WEB, NOTHING);
        assertThat(other.record().id()).isNotEqualTo(id);
        assertThat(other.record().epoch()).isGreaterThan(epoch);
        assertThat(mounted("b")).isEmptyDirectory();
        assertRefused(
                409,
                "There is a volume web already",
                () -> volumes().undelete(WEB, Optional.empty(), Optional.empty()));

        KnownVolume back = volumes().undelete(WEB, Optional.of(id), Optional.of(COPY));
        assertThat(back.record().id()).isEqualTo(id);
        assertThat(volumes().mount(COPY, "c").resolve("file")).hasContent("one");
        assertThat(volumes().trash()).isEmpty();
    }

    @Test
    void destroysWhatIsToBeDeletedAndWhatWasInTheTrashForItsTime() throws IOException {
        volumes().create(WEB, Map.of("onremove", "delete"));
        mounted("a");
        unmounted("a");
        volumes().remove(WEB, Optional.empty(), OptionalLong.empty());
        assertThat(host.files("pools/directory")).isEmpty();

        volumes().create(COPY, NOTHING);
        volumes().mount(COPY, "b");
        volumes().unmount(COPY, "b");
        volumes().remove(COPY, Optional.of(OnRemove.TRASH), OptionalLong.empty());
        assertThat(volumes().emptyTrash(Optional.empty())).isEmpty();
        host.clock.pass(TestHost.RETENTION);
        assertThat(volumes().emptyTrash(Optional.empty())).hasSize(1);
        assertThat(host.files("pools/directory")).isEmpty();
    }

    @Test
    void keepsWhatIsToBeRetained() {
        volumes().create(WEB, Map.of("onremove", "retain"));

        assertThat(volumes().remove(WEB, Optional.empty(), OptionalLong.empty()))
                .isEqualTo(OnRemove.RETAIN);
        assertThat(volumes().find("web")).isPresent();
    }

    @Test
    void throwsAnonymousVolumesAway() throws IOException {
        VolumeName anonymous = new VolumeName("0123456789abcdef".repeat(4));
        volumes().create(anonymous, NOTHING);
        volumes().mount(anonymous, "a");
        volumes().unmount(anonymous, "a");

        assertThat(volumes().remove(anonymous, Optional.empty(), OptionalLong.empty()))
                .isEqualTo(OnRemove.DELETE);
        assertThat(volumes().trash()).isEmpty();
        assertThat(host.files("pools/directory")).isEmpty();
    }

    @Test
    void doesNothingForWhoeverHasReadAnOldVersion() {
        KnownVolume first = volumes().create(WEB, Map.of("backend", "loop"));
        volumes().resize(WEB, "128m", OptionalLong.of(first.version()));

        assertRefused(
                412,
                "Its version is 2",
                () -> volumes().remove(WEB, Optional.empty(), OptionalLong.of(first.version())));
        assertThat(volumes().find("web")).isPresent();
    }

    @Test
    void givesNoVolumeASizeThatNothingKeeps() {
        volumes().create(WEB, NOTHING);

        assertRefused(
                400,
                "the directory backend cannot limit a volume",
                () -> volumes().resize(WEB, "1g", OptionalLong.empty()));
        assertThat(volumes().find("web").orElseThrow().record().spec().size()).isZero();
    }

    @Test
    void keepsLabelsOfTheVolumeThatHadThem() throws IOException {
        UUID first = volumes().create(WEB, NOTHING).record().id();
        volumes().label(WEB, first, Map.of("of", "shop"));
        host.restart();
        assertThat(volumes().find("web").orElseThrow().record().labels())
                .containsEntry("of", "shop");
        volumes().remove(WEB, Optional.of(OnRemove.DELETE), OptionalLong.empty());

        volumes().label(WEB, first, Map.of("of", "nobody"));
        assertThat(volumes().find("web")).isEmpty();
        volumes().create(WEB, NOTHING);
        volumes().label(WEB, first, Map.of("of", "another"));

        assertThat(volumes().find("web").orElseThrow().record().labels()).isEmpty();
    }

    @Test
    void letsGoOfNothingWithoutAChange() {
        volumes().create(WEB, Map.of());
        long version = volumes().find("web").orElseThrow().version();

        volumes().release(WEB, "nobody");

        assertThat(volumes().find("web").orElseThrow().version()).isEqualTo(version);
    }

    @Test
    void removesNothingThatSomebodyHolds() {
        volumes().create(WEB, NOTHING);
        volumes().hold(WEB, new Hold("backup", "it runs", host.clock.instant().plusSeconds(10)));

        assertRefused(
                409,
                "backup holds it: it runs",
                () -> volumes().remove(WEB, Optional.empty(), OptionalLong.empty()));
        host.clock.pass(Duration.ofSeconds(11));
        assertThat(volumes().remove(WEB, Optional.empty(), OptionalLong.empty()))
                .isEqualTo(OnRemove.TRASH);
    }

    @Test
    void clonesAVolumeInUseAndASnapshotOfIt() throws IOException {
        volumes().create(WEB, NOTHING);
        Path data = mounted("a");
        Files.writeString(data.resolve("file"), "one");
        volumes().snapshot(WEB, "first");
        Files.writeString(data.resolve("file"), "two");

        volumes().clone(WEB, Optional.empty(), COPY, NOTHING);
        VolumeName old = new VolumeName("old");
        volumes().create(old, Map.of("from", "web@first"));

        assertThat(volumes().mount(COPY, "c").resolve("file")).hasContent("two");
        assertThat(volumes().mount(old, "d").resolve("file")).hasContent("one");
        assertThat(volumes().snapshots(WEB)).hasSize(1);
        assertRefused(
                404,
                "has no snapshot second",
                () -> volumes().create(new VolumeName("third"), Map.of("from", "web@second")));
        assertThat(volumes().find("third")).isEmpty();
    }

    @Test
    void clonesIntoAnotherBackend() throws IOException {
        volumes().create(WEB, NOTHING);
        Files.writeString(mounted("a").resolve("file"), "one");

        KnownVolume made = volumes().clone(WEB, Optional.empty(), COPY, Map.of("class", "silver"));

        assertThat(made.record().spec().size()).isEqualTo(64L << 20);
        assertThat(volumes().mount(COPY, "c").resolve("file")).hasContent("one");
    }

    @Test
    void goesBackToASnapshotAndKeepsWhatWasThere() throws IOException {
        volumes().create(WEB, NOTHING);
        Path data = mounted("a");
        Files.writeString(data.resolve("file"), "one");
        volumes().snapshot(WEB, "first");
        Files.writeString(data.resolve("file"), "two");
        long epoch = volumes().find("web").orElseThrow().record().epoch();
        assertRefused(
                409,
                "in use by mount a",
                () -> volumes().restore(WEB, "first", OptionalLong.empty()));
        unmounted("a");

        String before = volumes().restore(WEB, "first", OptionalLong.empty());

        assertThat(volumes().find("web").orElseThrow().record().epoch()).isEqualTo(epoch + 1);
        assertThat(mounted("b").resolve("file")).hasContent("one");
        try (FileLease lease = volumes().open(WEB, Optional.of(before))) {
            assertThat(lease.folder().resolve("file")).hasContent("two");
        }
    }

    @Test
    void importsAFolderAndLeavesItAsItIs() throws IOException {
        Path folder = Files.createDirectory(host.home.resolve("elsewhere"));
        Files.writeString(folder.resolve("file"), "one");

        volumes().importFolder(folder, WEB, NOTHING);

        assertThat(mounted("a").resolve("file")).hasContent("one");
        assertThat(folder.resolve("file")).hasContent("one");
    }

    @Test
    void staysMountedWhileItsFilesAreRead() {
        volumes().create(WEB, NOTHING);
        mounted("a");
        unmounted("a");

        FileLease lease = volumes().open(WEB, Optional.empty());
        assertRefused(
                409,
                "a download of its files",
                () -> volumes().remove(WEB, Optional.empty(), OptionalLong.empty()));
        lease.close();
        lease.close();
        Awaitility.await().until(() -> volumes().path(WEB).isEmpty());
    }

    @Test
    void keepsASnapshotAndTheVolumeWhileTheSnapshotIsRead() throws IOException {
        volumes().create(WEB, NOTHING);
        Files.writeString(mounted("a").resolve("file"), "one");
        unmounted("a");
        volumes().snapshot(WEB, "s1");

        FileLease lease = volumes().open(WEB, Optional.of("s1"));
        assertRefused(
                409,
                "a download of its files",
                () -> volumes().remove(WEB, Optional.empty(), OptionalLong.empty()));
        assertRefused(
                409,
                "a download of its files",
                () -> volumes().restore(WEB, "s1", OptionalLong.empty()));
        assertRefused(409, "being read", () -> volumes().deleteSnapshot(WEB, "s1"));
        assertThat(lease.folder().resolve("file")).hasContent("one");
        lease.close();

        volumes().deleteSnapshot(WEB, "s1");
        assertThat(volumes().remove(WEB, Optional.empty(), OptionalLong.empty()))
                .isEqualTo(OnRemove.TRASH);
        assertThat(host.mounts()).isEmpty();
    }

    @Test
    void makesNoVolumeSmallerAndSaysSo() {
        volumes().create(WEB, Map.of("backend", "loop", "size", "64M"));
        mounted("a");

        assertRefused(
                409,
                "cannot become smaller",
                () -> volumes().resize(WEB, "32M", OptionalLong.empty()));
        assertThat(volumes().find("web").orElseThrow().record().spec().size()).isEqualTo(64L << 20);
    }

    @Test
    @Timeout(120)
    void servesTheOthersWhenTheServerOfASharedPoolIsGone() throws IOException {
        Path pool = host.mountShared();
        volumes().create(COPY, Map.of("backend", "shared"));
        volumes().mount(COPY, "a");
        volumes().create(WEB, NOTHING);

        try (SilentMount _ = SilentMount.at(pool)) {
            mounted("b");
            volumes().unmount(COPY, "a");
            assertRefused(500, "does not answer", () -> volumes().mount(COPY, "c"));
            assertRefused(500, "does not answer", () -> volumes().usage(COPY));
            assertRefused(500, "does not answer", () -> volumes().users(COPY));
            assertRefused(500, "does not answer", () -> volumes().open(COPY, Optional.empty()));
            assertRefused(
                    409,
                    "Its pool is not there",
                    () -> volumes().remove(COPY, Optional.empty(), OptionalLong.empty()));
            assertThat(volumes().trash()).isEmpty();
            unmounted("b");
            assertThat(volumes().path(COPY)).isPresent();
            host.restart();
            assertThat(volumes().find("copy").orElseThrow().record().state())
                    .isEqualTo(VolumeState.ACTIVE);
            mounted("d");
        }

        assertThat(volumes().mount(COPY, "e")).isDirectory();
    }

    @Test
    @Timeout(120)
    void startsWhenNobodyAnswersForAMountThatItFinds() throws IOException {
        volumes().create(WEB, NOTHING);
        mounted("a");
        volumes().create(COPY, NOTHING);
        volumes().mount(COPY, "b");
        UUID id = volumes().find("web").orElseThrow().record().id();
        Path point = host.home.resolve("mounts").resolve(id.toString());

        try (SilentMount _ = SilentMount.at(point)) {
            host.restart();

            assertThat(volumes().path(WEB)).isEmpty();
            assertThat(volumes().path(COPY)).isPresent();
        }

        assertThat(mounted("a")).isDirectory();
    }

    @Test
    void servesNothingBeforeItIsOpen() throws IOException {
        try (HostVolumes closed = host.unopened()) {
            assertThat(closed.isOpen()).isFalse();
            assertThat(closed.all()).isEmpty();
            assertThatThrownBy(closed::requireOpen).isInstanceOf(BusyException.class);
            assertThatThrownBy(() -> closed.create(WEB, NOTHING)).isInstanceOf(BusyException.class);
            assertThatThrownBy(closed::open).hasMessageContaining("another agent works in");
        }
    }
}
