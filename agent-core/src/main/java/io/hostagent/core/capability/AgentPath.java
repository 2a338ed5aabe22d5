// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.capability;

/**
 * A part of the path space that the agent answers itself instead of passing it to the engine.
 *
 * @param prefix whole segments from the start, such as {@code /v2/volumes}; the longest one wins
 * @param access who may come in
 */
public record AgentPath(String prefix, Access access) {

    /** Who may come in. */
    public enum Access {
        /** Anybody: the short list of what a stranger may ask. */
        PUBLIC,
        /** Any caller who is known, a {@code metrics} token included. */
        METRICS,
        /** A caller who may read, or, for a changing request, administer. */
        CALLER,
        /** Only a caller who may administer, whatever the method. */
        ADMIN
    }

    public AgentPath {
        if (!prefix.startsWith("/") || prefix.endsWith("/")) {
            throw new IllegalArgumentException(prefix);
        }
    }

    /** Whether a path is this prefix or lies below it. */
    public boolean covers(String path) {
        return path.startsWith(prefix)
                && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
    }
}
