// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.volume;

import java.util.Locale;

/** The file system in the image of a {@code loop} volume. */
public enum FileSystemType {
    EXT4,
    XFS;

    /** As users write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
