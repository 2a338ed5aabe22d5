// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.settings;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The one reading of an on/off variable: rubbish is refused, never taken for off. */
public final class Flag {

    private static final Set<String> ON = Set.of("1", "true", "yes", "on");
    private static final Set<String> OFF = Set.of("", "0", "false", "no", "off");

    private Flag() {}

    /**
     * Reads a flag.
     *
     * @param name the environment variable, for the error
     * @param value its text, {@code null} when unset
     * @param otherwise what an unset variable means
     * @throws SettingsException when the text is neither a yes nor a no
     */
    public static boolean read(String name, @Nullable String value, boolean otherwise) {
        if (value == null) {
            return otherwise;
        }
        String text = value.strip().toLowerCase(Locale.ROOT);
        if (ON.contains(text)) {
            return true;
        }
        if (OFF.contains(text)) {
            return false;
        }
        throw new SettingsException(
                name
                        + "="
                        + value
                        + " is neither on (1, true, yes, on) nor off (0, false, no, off or empty)");
    }
}
