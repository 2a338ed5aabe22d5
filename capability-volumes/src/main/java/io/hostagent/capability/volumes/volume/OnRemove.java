// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.volume;

import java.util.Locale;

/** What becomes of a volume that a user removes. */
public enum OnRemove {
    /** Its name is free and its data is kept for a while, to be had back. */
    TRASH,
    /** Its data is destroyed at once. */
    DELETE,
    /** Nothing: engines forget it, and it stays in the catalog. */
    RETAIN;

    /** As users write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
