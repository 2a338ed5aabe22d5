// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostagent.capability.volumes.backend.VolumeFolder;
import io.hostagent.capability.volumes.catalog.Catalog.Versioned;
import io.hostagent.capability.volumes.catalog.RecordFolder;
import io.hostagent.capability.volumes.marker.Marker;
import io.hostagent.capability.volumes.marker.MarkerFile;
import io.hostagent.capability.volumes.volume.OnRemove;
import io.hostagent.capability.volumes.volume.VolumeName;
import io.hostagent.capability.volumes.volume.VolumeRecord;
import io.hostagent.capability.volumes.volume.VolumeState;
import io.hostagent.core.error.CallerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a start makes of what a crash has left. */
class RecoveryTests {

    private static final VolumeName WEB = new VolumeName("web");

    private TestHost host;
    private VolumeRecord record;

    @BeforeEach
    void aVolumeWithAFile() throws IOException {
        host = new TestHost();
        host.volumes().create(WEB, Map.of());
        Files.writeString(host.volumes().mount(WEB, "a").resolve("file"), "one");
        record = host.volumes().find("web").orElseThrow().record();
    }

    @AfterEach
    void end() throws IOException {
        if (host != null) {
            host.close();
        }
    }

    private void letGo() {
        host.volumes().unmount(WEB, "a");
        Awaitility.await().until(() -> host.volumes().path(WEB).isEmpty());
    }

    private Path pool() {
        return host.home.resolve("pools/directory");
    }

    private void putRecord(VolumeRecord next, long version) throws IOException {
        for (String folder : new String[] {"catalog", "known"}) {
            new RecordFolder(host.home.resolve("state").resolve(folder))
                    .write(new Versioned(next, version));
        }
    }

    private void assertGood(HostVolumes volumes) {
        assertThat(volumes.mount(WEB, "b").resolve("file")).hasContent("one");
    }

    @Test
    void findsMountsAgainAndWhoMayHaveThem() throws IOException {
        HostVolumes volumes = host.restart();

        assertThat(volumes.path(WEB).orElseThrow().resolve("file")).hasContent("one");
        assertThatThrownBy(() -> volumes.remove(WEB, Optional.empty(), OptionalLong.empty()))
                .isInstanceOf(CallerException.class);
        letGo();
        assertThat(host.mounts()).isEmpty();
    }

    @Test
    void completesARemovalThatWasDecided() throws IOException {
        letGo();
        HostVolumes volumes =
                host.restart(() -> putRecord(record.inNextEpoch(VolumeState.DELETING), 9));

        assertThat(volumes.find("web")).isEmpty();
        assertThat(volumes.trash()).hasSize(1);
        assertThat(volumes.undelete(WEB, Optional.empty(), Optional.empty()).record().epoch())
                .isGreaterThan(record.epoch() + 1);
        assertGood(volumes);
    }

    @Test
    void knowsBytesThatWereMadeJustBefore() throws IOException {
        assertGood(host.restart(() -> putRecord(record.in(VolumeState.NEW), 9)));
    }

    @Test
    void undoesACloneThatWasCutOff() throws IOException {
        VolumeName copy = new VolumeName("copy");
        VolumeRecord clone =
                VolumeRecord.fresh(
                        copy,
                        1,
                        record.owner(),
                        "before",
                        record.spec().withFrom("web"),
                        Instant.EPOCH);
        host.volumes().snapshot(WEB, "clone-" + clone.id());
        HostVolumes volumes = host.restart(() -> putRecord(clone, 1));

        assertThat(volumes.find("copy")).isEmpty();
        assertThat(volumes.snapshots(WEB)).isEmpty();
        volumes.create(copy, Map.of("from", "web"));
        assertThat(volumes.mount(copy, "c").resolve("file")).hasContent("one");
    }

    @Test
    void marksBytesWhoseRecordWasWrittenJustBefore() throws IOException {
        HostVolumes volumes =
                host.restart(() -> putRecord(record.inNextEpoch(VolumeState.ACTIVE), 9));

        assertThat(volumes.find("web").orElseThrow().record().epoch())
                .isEqualTo(record.epoch() + 1);
        assertGood(volumes);
    }

    @Test
    void putsBackARecordThatWasLost() throws IOException {
        HostVolumes volumes =
                host.restart(
                        () -> {
                            for (Path file : host.files("state/catalog")) {
                                Files.delete(file);
                            }
                        });

        assertThat(volumes.find("web").orElseThrow().record().id()).isEqualTo(record.id());
        assertGood(volumes);
    }

    @Test
    void makesARecordOfBytesAloneAndPutsDamagedFilesAside() throws IOException {
        HostVolumes volumes =
                host.restart(
                        () -> {
                            for (String folder : new String[] {"state/catalog", "state/known"}) {
                                for (Path file : host.files(folder)) {
                                    Files.writeString(file, "{\"version\":");
                                }
                            }
                        });

        VolumeRecord made = volumes.find("web").orElseThrow().record();
        assertThat(made.id()).isEqualTo(record.id());
        assertThat(made.epoch()).isEqualTo(record.epoch());
        assertThat(made.spec()).isEqualTo(record.spec());
        assertGood(volumes);
        assertThat(host.files("state/catalog"))
                .anyMatch(file -> file.toString().endsWith(".damaged"));
    }

    @Test
    void touchesNothingWhenTheCatalogIsOlderThanTheBytes() throws IOException {
        letGo();
        HostVolumes volumes =
                host.restart(
                        () ->
                                MarkerFile.write(
                                        pool(),
                                        Marker.live(
                                                record.inNextEpoch(VolumeState.ACTIVE),
                                                host.id(),
                                                Instant.EPOCH)));

        assertThatThrownBy(() -> volumes.mount(WEB, "b"))
                .isInstanceOf(CallerException.class)
                .hasMessageContaining("cannot be used here");
        assertThat(host.events)
                .anySatisfy(
                        event -> {
                            assertThat(event.action()).isEqualTo("alarm");
                            assertThat(event.details().get("reason"))
                                    .contains("the catalog is old");
                        });
        assertThat(VolumeFolder.of(pool(), record.id()).tree().resolve("_data/file"))
                .hasContent("one");
    }

    @Test
    void neverMakesAVolumeAnewWhoseBytesAreGone() throws IOException {
        letGo();
        Path aside = host.home.resolve("aside");
        HostVolumes lost =
                host.restart(() -> Files.move(pool().resolve(record.id().toString()), aside));
        assertThat(lost.find("web").orElseThrow().record().state()).isEqualTo(VolumeState.LOST);
        assertThatThrownBy(() -> lost.mount(WEB, "b")).isInstanceOf(CallerException.class);

        HostVolumes back =
                host.restart(() -> Files.move(aside, pool().resolve(record.id().toString())));
        assertThat(back.find("web").orElseThrow().record().state()).isEqualTo(VolumeState.ACTIVE);
        assertGood(back);
    }

    @Test
    void touchesNoCloneWhoseRecordIsOlderThanItsBytes() throws IOException {
        letGo();
        VolumeRecord old = record.in(VolumeState.NEW);
        VolumeRecord clone =
                new VolumeRecord(
                        old.name(),
                        old.id(),
                        old.epoch(),
                        old.state(),
                        old.owner(),
                        old.ownerBoot(),
                        old.move(),
                        old.spec().withFrom("other"),
                        old.labels(),
                        old.replicas(),
                        old.holds(),
                        old.created(),
                        old.tx());
        HostVolumes volumes =
                host.restart(
                        () -> {
                            MarkerFile.write(
                                    pool(),
                                    Marker.live(
                                            record.inNextEpoch(VolumeState.ACTIVE),
                                            host.id(),
                                            Instant.EPOCH));
                            putRecord(clone, 9);
                        });

        assertThat(volumes.find("web")).isPresent();
        assertThat(host.events).anySatisfy(event -> assertThat(event.action()).isEqualTo("alarm"));
        assertThat(VolumeFolder.of(pool(), record.id()).tree()).isDirectory();
    }

    @Test
    void putsBytesIntoTheTrashThatWereAwayWhenTheirVolumeWasRemoved() throws IOException {
        letGo();
        HostVolumes volumes = host.volumes();
        Path bytes = pool().resolve(record.id().toString());
        Path aside = host.home.resolve("aside");
        Files.move(bytes, aside);
        assertThatThrownBy(() -> volumes.remove(WEB, Optional.empty(), OptionalLong.empty()))
                .isInstanceOf(CallerException.class);
        assertThat(volumes.find("web")).isPresent();
        volumes.remove(WEB, Optional.of(OnRemove.DELETE), OptionalLong.empty());

        HostVolumes back = host.restart(() -> Files.move(aside, bytes));

        assertThat(back.find("web")).isEmpty();
        assertThat(back.trash()).hasSize(1);
        assertThat(host.events).anySatisfy(event -> assertThat(event.action()).isEqualTo("alarm"));
        back.undelete(WEB, Optional.empty(), Optional.empty());
        assertGood(back);
    }

    @Test
    void leavesBytesAloneThatClaimANameOfAnother() throws IOException {
        VolumeName other = new VolumeName("other");
        host.volumes().create(other, Map.of());
        host.volumes().mount(other, "c");
        VolumeRecord second = host.volumes().find("other").orElseThrow().record();
        HostVolumes volumes =
                host.restart(
                        () ->
                                MarkerFile.write(
                                        pool(),
                                        Marker.live(second.named(WEB), host.id(), Instant.EPOCH)));

        assertGood(volumes);
        assertThat(host.events).anySatisfy(event -> assertThat(event.action()).isEqualTo("alarm"));
        assertThat(VolumeFolder.of(pool(), second.id()).path()).isDirectory();
    }

    @Test
    void leavesBytesOfAnotherHostAlone() throws IOException {
        VolumeRecord foreign = record.named(new VolumeName("foreign"));
        Path theirs = pool().resolve(foreign.id().toString());
        letGo();
        HostVolumes volumes =
                host.restart(
                        () ->
                                MarkerFile.write(
                                        pool(), Marker.live(foreign, "another", Instant.EPOCH)));

        assertThat(volumes.find("foreign")).isEmpty();
        assertThatThrownBy(() -> volumes.mount(WEB, "b"))
                .isInstanceOf(CallerException.class)
                .hasMessageContaining("cannot be used here");
        assertThat(theirs.resolve("tree/_data/file")).hasContent("one");
        assertThat(volumes.trash()).isEmpty();
    }

    @Test
    void servesNothingWhereItsDiskIsNotMounted() throws IOException {
        letGo();
        host.volumes().close();
        Path aside = host.home.resolve("aside");
        Files.move(host.home.resolve("state"), aside);

        try (HostVolumes empty = host.unopened()) {
            assertThatThrownBy(empty::open)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("mount its disk");
            assertThat(empty.isOpen()).isFalse();
        }
        Files.delete(host.home.resolve("state/lock"));
        Files.delete(host.home.resolve("state"));
        Files.move(aside, host.home.resolve("state"));
        assertGood(host.restart());
    }

    @Test
    void destroysNothingThatARecordSaysIsAVolume() throws IOException {
        letGo();
        HostVolumes volumes =
                host.restart(
                        () ->
                                MarkerFile.write(
                                        pool(),
                                        Marker.live(record, host.id(), Instant.EPOCH)
                                                .retired(
                                                        record.epoch(),
                                                        Instant.EPOCH,
                                                        Instant.EPOCH)));

        assertThat(volumes.trash()).isEmpty();
        assertThat(volumes.emptyTrash(Optional.empty())).isEmpty();
        assertThat(VolumeFolder.of(pool(), record.id()).tree().resolve("_data/file"))
                .hasContent("one");
    }

    @Test
    void hidesSnapshotsThatWereShownToSomebodyWhoIsGone() throws IOException {
        host.volumes().snapshot(WEB, "first");
        host.volumes().open(WEB, Optional.of("first"));
        assertThat(host.mounts()).hasSize(2);

        host.restart();

        assertThat(host.mounts()).hasSize(1);
        assertThat(host.files("mounts")).hasSize(1);
    }
}
