// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostagent.capability.volumes.volume.BackendKind;
import io.hostagent.core.settings.SettingsException;
import io.hostagent.core.settings.SettingsReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VolumesVariablesTests {

    private static VolumesSettings read(Map<String, String> variables) {
        return new VolumesVariables(new SettingsReader(variables::get)).read();
    }

    @Test
    void hasDefaults() {
        VolumesSettings unset = read(Map.of());

        assertThat(unset.driver()).isEqualTo("hostagent");
        assertThat(unset.home()).isEqualTo(Path.of("/var/lib/host-agent/volumes"));
        assertThat(unset.mounts()).isEqualTo(Path.of("/var/lib/host-agent/volumes/mounts"));
        assertThat(unset.socket())
                .isEqualTo(Path.of("/run/docker/plugins/hostagent/hostagent.sock"));
        assertThat(unset.backend()).isEmpty();
        assertThat(unset.btrfs()).isEmpty();
        assertThat(unset.shared()).isEmpty();
        assertThat(unset.imageSize()).isEqualTo(10L << 30);
        assertThat(unset.gold()).isEmpty();
        assertThat(unset.retention()).isEqualTo(Duration.ofDays(7));
        assertThat(unset.lateStart()).isTrue();
    }

    @Test
    void readsAllOfThem() {
        VolumesSettings set =
                read(
                        Map.ofEntries(
                                Map.entry("VOLUMES_DRIVER", "flocker"),
                                Map.entry("VOLUMES_PATH", "/srv/volumes/"),
                                Map.entry("VOLUMES_PLUGIN_PATH", "/tmp/plugins"),
                                Map.entry("VOLUMES_BACKEND", "loop"),
                                Map.entry("VOLUMES_BTRFS_PATH", "/srv/btrfs"),
                                Map.entry("VOLUMES_SHARED_PATH", "/srv/shared"),
                                Map.entry("VOLUMES_IMAGE_SIZE", "1g"),
                                Map.entry("VOLUMES_CLASS_GOLD", "backend=loop,size=2g"),
                                Map.entry("VOLUMES_TRASH_RETENTION", "1h"),
                                Map.entry("VOLUMES_LATE_START", "no")));

        assertThat(set.driver()).isEqualTo("flocker");
        assertThat(set.home()).isEqualTo(Path.of("/srv/volumes"));
        assertThat(set.socket()).isEqualTo(Path.of("/tmp/plugins/flocker/flocker.sock"));
        assertThat(set.backend()).contains(BackendKind.LOOP);
        assertThat(set.btrfs()).contains(Path.of("/srv/btrfs"));
        assertThat(set.shared()).contains(Path.of("/srv/shared"));
        assertThat(set.imageSize()).isEqualTo(1L << 30);
        assertThat(set.gold().orElseThrow().size()).hasValue(2L << 30);
        assertThat(set.retention()).isEqualTo(Duration.ofHours(1));
        assertThat(set.lateStart()).isFalse();
    }

    @Test
    void aManagedPluginMountsInTheFolderOfItsEngine() {
        VolumesSettings managed =
                read(Map.of("VOLUMES_DRIVER", "any", "VOLUMES_PROPAGATED_PATH", "/mnt/volumes"));

        assertThat(managed.home()).isEqualTo(Path.of("/var/lib/host-agent/volumes"));
        assertThat(managed.mounts()).isEqualTo(Path.of("/mnt/volumes"));
        assertThat(managed.socket()).isEqualTo(Path.of("/run/docker/plugins/volumes/volumes.sock"));
    }

    @Test
    void refusesToKeepVolumesInAFolderThatGoesWithThePlugin() {
        assertThatThrownBy(
                        () ->
                                read(
                                        Map.of(
                                                "VOLUMES_PATH",
                                                "/mnt/volumes/pools",
                                                "VOLUMES_PROPAGATED_PATH",
                                                "/mnt/volumes")))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("deletes with the plugin");
    }

    @ParameterizedTest
    @CsvSource({
        "VOLUMES_DRIVER, ../x",
        "VOLUMES_DRIVER, local",
        "VOLUMES_PATH, volumes",
        "VOLUMES_PATH, /",
        "VOLUMES_BACKEND, zfs",
        "VOLUMES_IMAGE_SIZE, banana",
        "VOLUMES_CLASS_GOLD, backend",
        "VOLUMES_CLASS_SILVER, class=gold",
        "VOLUMES_CLASS_BRONZE, sise=1g",
        "VOLUMES_TRASH_RETENTION, soon",
        "VOLUMES_LATE_START, maybe",
    })
    void namesTheVariableThatCannotBeUsed(String name, String value) {
        assertThatThrownBy(() -> read(Map.of(name, value)))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith(name);
    }
}
