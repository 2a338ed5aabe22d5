// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.error;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Locale;

/**
 * The body of every error the agent itself answers with, in the form that Docker clients ({@code
 * message}) and a Portainer server ({@code message} and {@code details}) read.
 *
 * @param message what failed
 * @param details why, and what to do
 */
public record ApiError(String message, String details) {

    /** {@code {"message":"…","details":"…"}} in UTF-8, without a newline at its end. */
    public byte[] json() {
        StringBuilder text = new StringBuilder(64 + message.length() + details.length());
        text.append("{\"message\":");
        quote(text, message);
        text.append(",\"details\":");
        quote(text, details);
        return text.append('}').toString().getBytes(UTF_8);
    }

    private static void quote(StringBuilder text, String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < 0x20 || Character.isSurrogate(c)) {
                text.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }
}
