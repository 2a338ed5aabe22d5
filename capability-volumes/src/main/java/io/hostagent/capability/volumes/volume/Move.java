// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.volume;

import java.time.Instant;

/**
 * A move that goes on.
 *
 * @param id of the move
 * @param from node that owns the volume until it is over
 * @param to node that fetches it
 * @param finished whether the source is sealed and the last bytes are on their way
 * @param started when it began
 * @param by who asked for it
 */
public record Move(
        String id, String from, String to, boolean finished, Instant started, String by) {}
