// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.trust;

import org.jspecify.annotations.Nullable;

/**
 * One line of {@code key=value} pairs. Only printable ASCII is written as it is: line ends,
 * terminal codes and characters that turn the direction of writing come out as escapes with their
 * number.
 */
final class AuditLine {

    private static final int LONGEST_VALUE = 512;

    private final StringBuilder line = new StringBuilder(160);

    /** Adds a pair; nothing when there is no value. */
    AuditLine with(String key, @Nullable String value) {
        if (value == null) {
            return this;
        }
        if (!line.isEmpty()) {
            line.append(' ');
        }
        line.append(key).append('=');
        boolean cut = value.length() > LONGEST_VALUE;
        append(cut ? value.substring(0, LONGEST_VALUE) + "..." : value);
        return this;
    }

    private void append(String value) {
        if (!value.isEmpty() && value.chars().allMatch(AuditLine::plain)) {
            line.append(value);
            return;
        }
        line.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                line.append('\\').append(c);
            } else if (c >= ' ' && c <= '~') {
                line.append(c);
            } else {
                line.append(String.format("\\u%04x", (int) c));
            }
        }
        line.append('"');
    }

    private static boolean plain(int c) {
        return c > ' ' && c <= '~' && c != '"' && c != '\\';
    }

    @Override
    public String toString() {
        return line.toString();
    }
}
