// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.volume;

import io.hostagent.core.error.CallerException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of a volume. Engines pass on whatever a user typed, so each name is checked here; no
 * name ever becomes part of a path.
 */
public record VolumeName(String value) implements Comparable<VolumeName> {

    /** What the engine's own driver takes, and single letters, too. */
    private static final Pattern FORM = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}");

    public VolumeName {
        if (!isValid(value)) {
            throw new IllegalArgumentException("no name of a volume");
        }
    }

    /** Whether a text can be a name. */
    public static boolean isValid(String text) {
        return FORM.matcher(text).matches();
    }

    /**
     * Takes what a caller gave for a name.
     *
     * @throws CallerException 400 when it is none
     */
    public static VolumeName of(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            throw CallerException.badRequest(
                    "The name of the volume is missing", "Nothing was changed");
        }
        if (!isValid(text)) {
            throw CallerException.badRequest(
                    "This is no name for a volume",
                    "A name begins with a letter or digit and has up to 128 letters, digits and"
                            + " _.-");
        }
        return new VolumeName(text);
    }

    @Override
    public int compareTo(VolumeName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
