// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.engine;

import java.util.Set;

/**
 * A container that has a volume among its mounts.
 *
 * @param name without the leading slash
 * @param state the engine's word, such as {@code running}
 */
public record ContainerUse(String id, String name, String state) {

    private static final Set<String> IN_USE = Set.of("running", "paused", "restarting", "removing");

    /** Whether it may be writing; one that has ended, or was never started, does not. */
    public boolean isRunning() {
        return IN_USE.contains(state);
    }
}
