// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.docker;

import java.time.Instant;

/**
 * Something happened to a container.
 *
 * @param action the engine's word, such as {@code start}, {@code die}, {@code rename}; that of a
 *     network behind {@value #NETWORK}, such as {@code network:connect}
 * @param at by the engine's clock, in nanoseconds
 */
public record ContainerEvent(ContainerId id, String action, Instant at) {

    /** Before the word for what happened between the container and a network. */
    public static final String NETWORK = "network:";

    /** Whether the container is gone for good. */
    public boolean removes() {
        return action.equals("destroy");
    }

    /** Whether the container's process has ended; another start is told of by itself. */
    public boolean ends() {
        return action.equals("die");
    }

    /**
     * Whether it changed what the engine's list does not tell: a health check came to another
     * result, or the container joined or left a network.
     */
    public boolean changesDetails() {
        return action.startsWith("health_status") || action.startsWith(NETWORK);
    }

    /** Whether it may have changed what the registry knows; execs and health probes do not. */
    public boolean changes() {
        return !action.startsWith("exec_")
                && !changesDetails()
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
