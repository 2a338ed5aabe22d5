// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.backend;

import java.time.Instant;

/**
 * What a volume once held.
 *
 * @param name within the volume
 * @param taken when
 * @param bytes that it takes, as far as the backend can tell; -1 when it cannot
 */
public record Snapshot(String name, Instant taken, long bytes) {}
