// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.option;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What may follow {@code -o} of {@code docker volume create}. */
public enum VolumeOption {
    SIZE,
    CLASS,
    /** Flocker's word for a class. */
    PROFILE,
    BACKEND,
    FS,
    UID,
    GID,
    MODE,
    ONREMOVE,
    FROM;

    /** As users write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<VolumeOption> of(String word) {
        return Arrays.stream(values()).filter(option -> option.word().equals(word)).findFirst();
    }

    static String all() {
        return Arrays.stream(values()).map(VolumeOption::word).collect(Collectors.joining(", "));
    }
}
