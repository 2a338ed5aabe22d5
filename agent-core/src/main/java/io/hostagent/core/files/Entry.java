// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.files;

import io.hostagent.core.jail.FileStatus;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A file as a listing shows it.
 *
 * @param linkTarget where a link points to; {@code null} when it is none, or not asked for
 */
record Entry(String name, FileStatus status, @Nullable String linkTarget) {

    private static final HexFormat HEX = HexFormat.of();

    /** {@code {"Name":"x","Size":6,"Dir":false,"ModTime":1795224356}}, the time in seconds. */
    void appendTo(StringBuilder json, boolean details) {
        json.append("{\"Name\":");
        quote(json, name);
        json.append(",\"Size\":").append(status.size());
        json.append(",\"Dir\":").append(status.isDirectory());
        json.append(",\"ModTime\":").append(status.seconds());
        if (details) {
            json.append(",\"Type\":\"").append(status.type().name().toLowerCase(Locale.ROOT));
            json.append("\",\"Mode\":\"").append(String.format("%04o", status.permissions()));
            json.append("\",\"Uid\":").append(Integer.toUnsignedLong(status.user()));
            json.append(",\"Gid\":").append(Integer.toUnsignedLong(status.group()));
            if (linkTarget != null) {
                json.append(",\"LinkTarget\":");
                quote(json, linkTarget);
            }
        }
        json.append('}');
    }

    private static void quote(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append("\\u").append(HEX.toHexDigits(c));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }
}
