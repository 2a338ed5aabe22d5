// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostagent.capability.volumes.volume.BackendKind;
import io.hostagent.capability.volumes.volume.FileSystemType;
import io.hostagent.capability.volumes.volume.OnRemove;
import io.hostagent.capability.volumes.volume.VolumeSpec;
import io.hostagent.core.error.CallerException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VolumeOptionsTests {

    private static final VolumeSpec LOOP =
            new VolumeSpec(
                    BackendKind.LOOP,
                    1L << 30,
                    "",
                    FileSystemType.EXT4,
                    1000,
                    0,
                    0750,
                    OnRemove.TRASH,
                    "");

    @ParameterizedTest
    @CsvSource({
        "size, banana, size=banana is no size",
        "size, '', size has no value",
        "backend, zfs, backend=zfs is not known",
        "backend, LOOP, backend=LOOP is not known",
        "fs, ntfs, fs=ntfs is not known",
        "uid, -1, uid=-1 is no ID",
        "gid, root, gid=root is no ID",
        "mode, 0999, mode=0999 is no mode",
        "mode, 10000, mode=10000 is no mode",
        "onremove, burn, onremove=burn is not known",
        "from, a/b, This is no name for a volume",
        "from, web@../x, This is no name for a snapshot",
    })
    void refusesWhatAnOptionDoesNotTake(String option, String value, String message) {
        assertThatThrownBy(() -> VolumeOptions.parse(Map.of(option, value)))
                .isInstanceOfSatisfying(
                        CallerException.class, e -> assertThat(e.status()).isEqualTo(400))
                .hasMessage(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sise", "Size", "", "o", "device"})
    void namesTheOptionsThereAreForOneThatThereIsNot(String word) {
        assertThatThrownBy(() -> VolumeOptions.parse(Map.of(word, "1g")))
                .isInstanceOfSatisfying(
                        CallerException.class,
                        e ->
                                assertThat(e.error().details())
                                        .isEqualTo(
                                                "Options are size, class, profile, backend, fs, uid,"
                                                        + " gid, mode, onremove, from"));
    }

    @Test
    void takesAProfileForAClass() {
        assertThat(VolumeOptions.parse(Map.of("profile", "gold")).volumeClass()).contains("gold");
        assertThatThrownBy(() -> VolumeOptions.parse(Map.of("profile", "gold", "class", "silver")))
                .hasMessageContaining("class=silver and profile=gold");
    }

    @Test
    void readsWhatAVolumeComesFrom() {
        VolumeOptions.Source source =
                VolumeOptions.parse(Map.of("from", "web@monday")).from().orElseThrow();

        assertThat(source.volume().value()).isEqualTo("web");
        assertThat(source.snapshot()).contains("monday");
        assertThat(source).hasToString("web@monday");
    }

    @Test
    void findsNoDifferenceInWhatNobodyAskedFor() {
        assertThat(VolumeOptions.parse(Map.of()).differences(LOOP)).isEmpty();
        assertThat(VolumeOptions.parse(Map.of("size", "1g", "mode", "750")).differences(LOOP))
                .isEmpty();
    }

    @Test
    void namesBothSidesOfADifference() {
        assertThat(VolumeOptions.parse(Map.of("size", "2g", "uid", "5")).differences(LOOP))
                .containsExactly(
                        "size=2147483648 was asked for and it has size=1073741824",
                        "uid=5 was asked for and it has uid=1000");
    }

    @Test
    void takesAnotherVolumesWordForWhatNobodySaid() {
        VolumeOptions like = VolumeOptions.parse(Map.of("mode", "0700")).orElseLike(LOOP);

        assertThat(like.backend()).contains(BackendKind.LOOP);
        assertThat(like.size()).hasValue(1L << 30);
        assertThat(like.uid()).hasValue(1000);
        assertThat(like.mode()).hasValue(0700);
    }

    @Test
    void takesNoSizeOverToABackendThatWasChosen() {
        VolumeOptions like = VolumeOptions.parse(Map.of("backend", "directory")).orElseLike(LOOP);

        assertThat(like.backend()).contains(BackendKind.DIRECTORY);
        assertThat(like.size()).isEmpty();
    }
}
