// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.volume;

import java.util.Locale;

/** Where the bytes of a volume are kept. */
public enum BackendKind {
    /** A subvolume of a btrfs file system: snapshots at once, limits by quota groups. */
    BTRFS,
    /** A file with a file system of its own in it: a hard limit. */
    LOOP,
    /** A folder: works everywhere, limits nothing. */
    DIRECTORY,
    /** A folder of a file system that several hosts have mounted at the same path. */
    SHARED;

    /** As users write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
