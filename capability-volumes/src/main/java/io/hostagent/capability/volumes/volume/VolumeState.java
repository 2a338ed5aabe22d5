// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.volume;

import java.util.Locale;

/** Where a volume is in its life. */
public enum VolumeState {
    /** It has a record and no bytes yet: the first mount makes them, on the host that asks. */
    NEW,
    /** It has bytes, and its owner may mount them. */
    ACTIVE,
    /** Another host is fetching it; its owner still has it. */
    MOVING,
    /** Its removal was decided and is being done. */
    DELETING,
    /** It is removed; the record only keeps its name's epoch from going back. */
    DELETED,
    /** It has a record and its bytes cannot be found. It is never made anew without a word. */
    LOST;

    /** As users read it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether a user sees a volume in this state. */
    public boolean isVisible() {
        return this != DELETED;
    }
}
