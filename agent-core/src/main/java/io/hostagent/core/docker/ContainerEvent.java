// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.docker;

import java.time.Instant;

/**
 * Something happened to a container.
 *
 * @param action the engine's word, such as {@code start}, {@code die}, {@code rename}
 * @param at by the engine's clock, in nanoseconds
 */
public record ContainerEvent(ContainerId id, String action, Instant at) {

    /** Whether the container is gone for good. */
    public boolean removes() {
        return action.equals("destroy");
    }

    /** Whether a health check came to another result, which the engine's list does not tell. */
    public boolean tellsHealth() {
        return action.startsWith("health_status");
    }

    /** Whether it may have changed what the registry knows; execs and health probes do not. */
    public boolean changes() {
        return !action.startsWith("exec_")
                && !action.startsWith("health_status")
                && !action.equals("top")
                && !action.equals("resize")
                && !action.equals("copy")
                && !action.equals("archive-path")
                && !action.equals("extract-to-dir")
                && !action.equals("export")
                && !action.equals("attach")
                && !action.equals("detach");
    }
}
