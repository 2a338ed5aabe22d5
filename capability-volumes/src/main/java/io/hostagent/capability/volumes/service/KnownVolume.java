// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.service;

import io.hostagent.capability.volumes.volume.VolumeRecord;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A volume as this host knows it.
 *
 * @param record as last read from the catalog
 * @param version of that
 * @param mountpoint where it is mounted on this host, for containers; empty when it is not
 */
public record KnownVolume(VolumeRecord record, long version, Optional<Path> mountpoint) {}
