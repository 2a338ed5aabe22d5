// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.volume;

import io.hostagent.core.error.CallerException;
import java.util.regex.Pattern;

/** What a snapshot may be called. Its name is that of a folder or file, and never of one above. */
public final class SnapshotName {

    private static final Pattern FORM = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.:-]{0,127}");

    /** Ends the name of what is not whole yet. */
    private static final String HALF_MADE = ".tmp";

    private SnapshotName() {}

    /** Whether a text can be one. */
    public static boolean isValid(String text) {
        return FORM.matcher(text).matches() && !text.endsWith(HALF_MADE);
    }

    /**
     * Takes what a caller gave for one.
     *
     * @throws CallerException 400 when it is none
     */
    public static String of(String text) {
        if (!isValid(text)) {
            throw CallerException.badRequest(
                    "This is no name for a snapshot",
                    "It begins with a letter or digit, has up to 128 letters, digits and _.:-, and"
                            + " does not end in "
                            + HALF_MADE);
        }
        return text;
    }
}
