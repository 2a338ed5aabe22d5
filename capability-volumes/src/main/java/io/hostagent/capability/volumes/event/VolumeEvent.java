// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.event;

import java.time.Instant;
import java.util.Map;

/**
 * Something happened to a volume.
 *
 * @param at when, by this host's clock
 * @param action such as {@code create}, {@code mount}, {@code remove}, {@code snapshot}, or {@code
 *     alarm} for what a person has to look at
 * @param volume its name
 * @param details further words, such as {@code reason}; no secrets
 */
public record VolumeEvent(Instant at, String action, String volume, Map<String, String> details) {

    public VolumeEvent {
        details = Map.copyOf(details);
    }
}
