// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.service;

import io.hostagent.capability.volumes.volume.VolumeName;
import io.hostagent.capability.volumes.volume.VolumeSpec;
import java.time.Instant;
import java.util.UUID;

/**
 * A removed volume whose bytes are still there.
 *
 * @param removed when
 * @param until when it may be destroyed
 */
public record TrashedVolume(
        VolumeName name, UUID id, VolumeSpec spec, Instant removed, Instant until) {}
