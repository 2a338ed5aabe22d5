// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.jail;

/** What the paths of a jail may do on their way. */
public enum Bounds {

    /**
     * A volume, which containers write to: a link that leads out of it is refused, one that begins
     * with a slash too, for it means another root; and so is a mount inside.
     */
    VOLUME(Bounds.BENEATH | Bounds.NO_MAGIC_LINKS | Bounds.NO_OTHER_MOUNT),

    /**
     * A whole system: its links mean what they mean there, as after chroot(2), and its mounts
     * belong to it.
     */
    SYSTEM(Bounds.IN_ROOT | Bounds.NO_MAGIC_LINKS);

    /** openat2(2). */
    private static final long NO_OTHER_MOUNT = 0x01;

    private static final long NO_MAGIC_LINKS = 0x02;
    private static final long BENEATH = 0x08;
    private static final long IN_ROOT = 0x10;

    private final long resolve;

    Bounds(long resolve) {
        this.resolve = resolve;
    }

    long resolve() {
        return resolve;
    }
}
