// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.catalog;

import io.hostagent.capability.volumes.volume.BackendKind;
import io.hostagent.capability.volumes.volume.FileSystemType;
import io.hostagent.capability.volumes.volume.OnRemove;
import io.hostagent.capability.volumes.volume.VolumeName;
import io.hostagent.capability.volumes.volume.VolumeRecord;
import io.hostagent.capability.volumes.volume.VolumeSpec;
import java.time.Instant;

/** Records for tests. */
final class Records {

    static final VolumeSpec SPEC =
            new VolumeSpec(
                    BackendKind.LOOP,
                    1L << 30,
                    "gold",
                    FileSystemType.XFS,
                    1000,
                    100,
                    0750,
                    OnRemove.RETAIN,
                    "web@monday");

    private Records() {}

    static VolumeRecord fresh(String name) {
        return VolumeRecord.fresh(
                new VolumeName(name),
                1,
                "node",
                "boot",
                SPEC,
                Instant.parse("2026-11-21T10:00:00Z"));
    }
}
