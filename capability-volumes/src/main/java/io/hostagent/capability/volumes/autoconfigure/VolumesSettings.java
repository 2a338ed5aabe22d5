// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.autoconfigure;

import io.hostagent.capability.volumes.option.VolumeOptions;
import io.hostagent.capability.volumes.volume.BackendKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What an operator has said of this capability.
 *
 * @param driver as users write it
 * @param home folder of everything
 * @param plugins folder in which engines look for sockets
 * @param propagated folder that the engine shares with this agent as its managed plugin; empty for
 *     every other agent
 * @param backend of volumes whose user says nothing
 * @param btrfs folder of the pool on btrfs
 * @param shared folder of the pool that hosts share
 * @param imageSize of a volume in an image, in bytes
 * @param gold what that class is, if an operator has said so
 * @param silver what that class is
 * @param bronze what that class is
 * @param retention of the trash
 * @param lateStart whether containers are started that the engine gave up on
 */
record VolumesSettings(
        String driver,
        Path home,
        Path plugins,
        Optional<Path> propagated,
        Optional<BackendKind> backend,
        Optional<Path> btrfs,
        Optional<Path> shared,
        long imageSize,
        Optional<VolumeOptions> gold,
        VolumeOptions silver,
        VolumeOptions bronze,
        Duration retention,
        boolean lateStart) {

    /** In the file of the managed plugin; users may call that by any name. */
    private static final String MANAGED = "volumes";

    /** Folder in which volumes are mounted. */
    Path mounts() {
        return propagated.orElseGet(() -> home.resolve("mounts"));
    }

    /** The socket of the plugin. */
    Path socket() {
        String name = propagated.isPresent() ? MANAGED : driver;
        return plugins.resolve(name).resolve(name + ".sock");
    }
}
