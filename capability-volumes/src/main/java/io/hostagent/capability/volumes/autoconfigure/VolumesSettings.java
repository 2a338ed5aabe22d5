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
        Optional<BackendKind> backend,
        Optional<Path> btrfs,
        Optional<Path> shared,
        long imageSize,
        Optional<VolumeOptions> gold,
        VolumeOptions silver,
        VolumeOptions bronze,
        Duration retention,
        boolean lateStart) {}
