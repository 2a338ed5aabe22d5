// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.docker;

import java.time.Instant;
import java.util.Map;

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

    public Container {
        labels = Map.copyOf(labels);
    }
}
