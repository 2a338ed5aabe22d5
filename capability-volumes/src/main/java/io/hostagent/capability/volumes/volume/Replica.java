// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.volume;

import java.time.Instant;

/**
 * A copy of a volume on another host.
 *
 * @param node that has it
 * @param snapshot it is a copy of
 * @param taken when that was
 */
public record Replica(String node, String snapshot, Instant taken) {}
