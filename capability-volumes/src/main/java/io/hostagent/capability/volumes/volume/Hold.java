// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.volume;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Somebody's word that a volume must neither be removed nor moved.
 *
 * @param who holds it
 * @param why for people to read
 * @param until when it ends by itself; {@code null}: never
 */
public record Hold(String who, String why, @Nullable Instant until) {

    /** Whether it counts at a time. */
    public boolean countsAt(Instant now) {
        return until == null || now.isBefore(until);
    }
}
