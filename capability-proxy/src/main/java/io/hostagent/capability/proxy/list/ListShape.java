// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.list;

/** How an engine wraps the objects of a list. */
public enum ListShape {

    /** {@code [...]}, or {@code null} for an empty one. */
    ARRAY(1),

    /** {@code {"Volumes":[...],"Warnings":[...]}}, either of which may be {@code null}. */
    VOLUMES(2);

    private final int level;

    ListShape(int level) {
        this.level = level;
    }

    /** How many objects and arrays are open around an element. */
    int level() {
        return level;
    }
}
