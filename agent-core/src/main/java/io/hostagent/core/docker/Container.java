// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.docker;

import java.time.Instant;
import java.util.Map;
import java.util.Set;

/**
 * A container on this host.
 *
 * @param name without the leading slash
 * @param image as it was asked for, such as {@code nginx:1}
 * @param state the engine's word: {@code created}, {@code running}, {@code paused}, {@code exited}
 *     …
 * @param labels never {@code null}
 */
public record Container(
        ContainerId id,
        String name,
        String image,
        String state,
        Instant created,
        Map<String, String> labels) {

    private static final Set<String> STARTED = Set.of("running", "paused");

    public Container {
        labels = Map.copyOf(labels);
    }

    /** Whether it has a process. */
    public boolean isStarted() {
        return STARTED.contains(state);
    }

    /** The same when its process has ended. */
    public Container ended() {
        return new Container(id, name, image, "exited", created, labels);
    }
}
