// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.service;

import io.hostagent.capability.volumes.backend.Probe;
import io.hostagent.capability.volumes.volume.BackendKind;
import java.nio.file.Path;

/**
 * A pool of this host.
 *
 * @param path where it is
 * @param probe what it can do
 */
public record PoolStatus(BackendKind kind, Path path, Probe probe) {}
