// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.autoconfigure;

import io.hostagent.capability.volumes.option.ByteSize;
import io.hostagent.capability.volumes.option.VolumeClasses;
import io.hostagent.capability.volumes.volume.BackendKind;
import io.hostagent.core.error.CallerException;
import io.hostagent.core.settings.EnvironmentVariable;
import io.hostagent.core.settings.SettingsException;
import io.hostagent.core.settings.SettingsReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Reads the variables of this capability; one that cannot be used is named in the exception. */
final class VolumesVariables {

    /** It becomes the name of a file, and users write it. */
    private static final Pattern DRIVER = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,63}");

    private final SettingsReader variables;

    VolumesVariables(SettingsReader variables) {
        this.variables = variables;
    }

    VolumesSettings read() {
        Path home = path(VolumesSetting.VOLUMES_PATH).orElseThrow();
        return new VolumesSettings(
                driver(),
                home,
                path(VolumesSetting.VOLUMES_PLUGIN_PATH).orElseThrow(),
                propagated(home),
                variables.value(VolumesSetting.VOLUMES_BACKEND).map(VolumesVariables::backend),
                path(VolumesSetting.VOLUMES_BTRFS_PATH),
                path(VolumesSetting.VOLUMES_SHARED_PATH),
                parsed(VolumesSetting.VOLUMES_IMAGE_SIZE, ByteSize::parse).orElseThrow(),
                parsed(VolumesSetting.VOLUMES_CLASS_GOLD, VolumeClasses::parse),
                parsed(VolumesSetting.VOLUMES_CLASS_SILVER, VolumeClasses::parse).orElseThrow(),
                parsed(VolumesSetting.VOLUMES_CLASS_BRONZE, VolumeClasses::parse).orElseThrow(),
                retention(),
                variables.flag(VolumesSetting.VOLUMES_LATE_START));
    }

    private String driver() {
        String driver = variables.value(VolumesSetting.VOLUMES_DRIVER).orElseThrow();
        if (!DRIVER.matcher(driver).matches() || driver.equals("local")) {
            throw new SettingsException(
                    "VOLUMES_DRIVER="
                            + driver
                            + " is no name for a driver: it begins with a letter or digit, has up"
                            + " to 64 letters, digits and _.-, and is not the engine's own 'local'");
        }
        return driver;
    }

    /** What is in there goes with the plugin. */
    private Optional<Path> propagated(Path home) {
        Optional<Path> folder = path(VolumesSetting.VOLUMES_PROPAGATED_PATH);
        if (folder.filter(home::startsWith).isPresent()) {
            throw new SettingsException(
                    "VOLUMES_PATH="
                            + home
                            + " is in VOLUMES_PROPAGATED_PATH, which the engine deletes with the"
                            + " plugin: name another folder");
        }
        return folder;
    }

    private Optional<Path> path(EnvironmentVariable variable) {
        return variables
                .value(variable)
                .map(
                        text -> {
                            Path path = Path.of(text).normalize();
                            if (!path.isAbsolute() || path.getNameCount() == 0) {
                                throw new SettingsException(
                                        variable.name() + "=" + text + " is no absolute path");
                            }
                            return path;
                        });
    }

    private static BackendKind backend(String text) {
        return Arrays.stream(BackendKind.values())
                .filter(kind -> kind.word().equals(text))
                .findFirst()
                .orElseThrow(
                        () ->
                                new SettingsException(
                                        "VOLUMES_BACKEND="
                                                + text
                                                + " is none of btrfs, loop, directory and shared"));
    }

    private <T> Optional<T> parsed(EnvironmentVariable variable, Function<String, T> parser) {
        try {
            return variables.value(variable).map(parser);
        } catch (CallerException e) {
            throw new SettingsException(
                    variable.name() + ": " + e.getMessage() + ". " + e.error().details());
        }
    }

    private Duration retention() {
        return variables.duration(VolumesSetting.VOLUMES_TRASH_RETENTION);
    }
}
