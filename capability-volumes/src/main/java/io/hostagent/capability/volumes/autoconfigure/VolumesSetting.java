// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.autoconfigure;

import io.hostagent.core.settings.EnvironmentVariable;
import org.jspecify.annotations.Nullable;

/**
 * Every environment variable of this capability, but for its flag. {@code docs/configuration.md} is
 * compared with this list in a test.
 */
public enum VolumesSetting implements EnvironmentVariable {
    VOLUMES_DRIVER(
            "hostagent",
            "name",
            "What users write behind `--volume-driver`; `flocker` or any other name works, too."),
    VOLUMES_PATH(
            "/var/lib/host-agent/volumes",
            "path",
            "Folder of everything that volumes are made of, the same one on the host and for the"
                    + " agent."),
    VOLUMES_PLUGIN_PATH(
            "/run/docker/plugins", "path", "Folder in which engines look for their plugins."),
    VOLUMES_PROPAGATED_PATH(
            null,
            "path",
            "Only for the managed plugin, which sets it: its `propagatedMount`, in which volumes"
                    + " are mounted."),
    VOLUMES_BACKEND(
            null,
            "btrfs, loop, directory or shared",
            "Where volumes are kept whose user says nothing: `btrfs` if there is a pool, or else"
                    + " `directory`."),
    VOLUMES_BTRFS_PATH(
            null,
            "path",
            "Folder on btrfs, the pool of `btrfs` volumes; `VOLUMES_PATH` if that is on btrfs."),
    VOLUMES_SHARED_PATH(
            null, "path", "Folder that several hosts have mounted, the pool of `shared` volumes."),
    VOLUMES_IMAGE_SIZE(
            "10g", "size", "Size of a `loop` volume whose user gives none; it takes what is used."),
    VOLUMES_CLASS_GOLD(
            null,
            "options",
            "Options of `class=gold`: `backend=btrfs` if there is a pool, or else"
                    + " `backend=loop,fs=xfs`."),
    VOLUMES_CLASS_SILVER("backend=loop,fs=ext4", "options", "Options of `class=silver`."),
    VOLUMES_CLASS_BRONZE("backend=directory", "options", "Options of `class=bronze`."),
    VOLUMES_TRASH_RETENTION(
            "168h", "duration", "How long the files of a removed volume can be had back."),
    VOLUMES_LATE_START(
            "1",
            "flag",
            "Starts containers that the engine gave up on while their volumes were not to be had.");

    @SuppressWarnings("ImmutableEnumChecker") // a record of texts
    private final Description description;

    VolumesSetting(@Nullable String defaultValue, String takes, String meaning) {
        description = new Description(defaultValue, takes, meaning, false);
    }

    @Override
    public Description description() {
        return description;
    }
}
