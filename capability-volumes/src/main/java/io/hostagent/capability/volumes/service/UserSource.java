// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.service;

import io.hostagent.capability.volumes.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** One way to find out who uses a volume. */
@FunctionalInterface
public interface UserSource {

    /**
     * Where to look.
     *
     * @param point where the volume is mounted, if it is
     * @param folder of the volume in its pool
     */
    record Place(VolumeName name, Path point, Path folder) {}

    /**
     * Looks.
     *
     * @throws IOException when it cannot be told
     */
    List<VolumeUser> find(Place place) throws IOException;
}
