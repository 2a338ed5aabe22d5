// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.kernel;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The file in which an operating system says what it is, see os-release(5). */
public final class OsRelease {

    private OsRelease() {}

    /** Its assignments, their quotes taken off; none where there is no file. */
    public static Map<String, String> parse(@Nullable String text) {
        Map<String, String> variables = new HashMap<>();
        if (text == null) {
            return variables;
        }
        text.lines()
                .map(String::strip)
                .filter(line -> line.indexOf('=') > 0 && !line.startsWith("#"))
                .forEach(
                        line -> {
                            int equals = line.indexOf('=');
                            variables.put(
                                    line.substring(0, equals), plain(line.substring(equals + 1)));
                        });
        return variables;
    }

    private static String plain(String value) {
        if (value.length() < 2) {
            return value;
        }
        char quote = value.charAt(0);
        if ((quote != '"' && quote != '\'') || value.charAt(value.length() - 1) != quote) {
            return value;
        }
        String inner = value.substring(1, value.length() - 1);
        return quote == '"' ? inner.replaceAll("\\\\([\"$`\\\\])", "$1") : inner;
    }
}
