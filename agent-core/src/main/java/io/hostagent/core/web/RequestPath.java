// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hostagent.core.error.CallerException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The target of a request, taken apart once, so that everybody judges and routes by the same path.
 *
 * @param dockerVersion the Docker API version in front of the path, such as {@code 1.41}; a Docker
 *     version may precede any path, the agent's own too
 * @param path the path without that version, decoded once as the engine's router does ({@code %2F}
 *     becomes a slash), with double slashes folded; rules and routes look at this
 * @param rawPath the same path as it came on the wire, still encoded; this is what is passed on
 * @param query the query as it came, without the question mark; {@code null} when there is none
 */
public record RequestPath(
        @Nullable String dockerVersion, String path, String rawPath, @Nullable String query) {

    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://");

    /** What the routers of Docker and Podman skip in front of a path; {@code /v2} is our own. */
    private static final Pattern VERSION_TO_AN_ENGINE =
            Pattern.compile("/v(?=[0-9.])(?![0-9]+(/|$))[0-9A-Za-z.-]+(/|$)");

    /**
     * Takes a request target apart.
     *
     * @param target as in the request line: origin form, or absolute form as a proxy's client sends
     *     it
     * @throws CallerException 400 for a path that two readers could understand differently: dot
     *     segments (encoded or not), an API version that only the engine would take for one,
     *     characters that are no part of a URI, broken percent-encoding
     */
    public static RequestPath parse(String target) {
        String origin = originForm(target);
        requireUriCharacters(origin);
        int question = origin.indexOf('?');
        String raw = foldSlashes(question < 0 ? origin : origin.substring(0, question));
        String query = question < 0 ? null : origin.substring(question + 1);
        String version = version(raw);
        if (version != null) {
            raw = raw.substring(version.length() + 2);
            if (raw.isEmpty()) {
                raw = "/";
            }
        }
        String path = foldSlashes(decode(raw));
        if (hasDotSegment(path)) {
            throw bad("The path has a '.' or '..' segment");
        }
        if (version == null && VERSION_TO_AN_ENGINE.matcher(path).lookingAt()) {
            throw bad("The API version is not written as /v1.41");
        }
        return new RequestPath(version, path, raw, query);
    }

    /** Path and query as they go on the wire, without the Docker version. */
    public String rawTarget() {
        return query == null ? rawPath : rawPath + "?" + query;
    }

    private static String originForm(String target) {
        if (target.startsWith("/")) {
            return target;
        }
        Matcher scheme = SCHEME.matcher(target);
        if (scheme.lookingAt()) {
            String afterScheme = target.substring(scheme.end());
            for (int i = 0; i < afterScheme.length(); i++) {
                char c = afterScheme.charAt(i);
                if (c == '/') {
                    return afterScheme.substring(i);
                }
                if (c == '?') {
                    return "/" + afterScheme.substring(i);
                }
            }
            return "/";
        }
        throw bad("The request target is no path");
    }

    private static @Nullable String version(String path) {
        if (!path.startsWith("/v")) {
            return null;
        }
        int i = 2;
        int digits = 0;
        int dots = 0;
        for (; i < path.length() && path.charAt(i) != '/'; i++) {
            char c = path.charAt(i);
            if (c == '.' && digits > 0 && dots == 0) {
                dots++;
                digits = 0;
            } else if (c >= '0' && c <= '9' && digits < 5) {
                digits++;
            } else {
                return null;
            }
        }
        return dots == 1 && digits > 0 ? path.substring(2, i) : null;
    }

    private static String foldSlashes(String path) {
        if (!path.contains("//")) {
            return path;
        }
        StringBuilder folded = new StringBuilder(path.length());
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c != '/' || folded.isEmpty() || folded.charAt(folded.length() - 1) != '/') {
                folded.append(c);
            }
        }
        return folded.toString();
    }

    private static boolean hasDotSegment(String path) {
        int from = 0;
        while ((from = path.indexOf("/.", from)) >= 0) {
            int end = from + 2;
            if (end < path.length() && path.charAt(end) == '.') {
                end++;
            }
            if (end == path.length() || path.charAt(end) == '/') {
                return true;
            }
            from++;
        }
        return false;
    }

    private static void requireUriCharacters(String target) {
        int question = target.indexOf('?');
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            boolean inPath = question < 0 || i < question;
            if (c <= 0x20 || c >= 0x7f || c == '#' || (c == '\\' && inPath)) {
                throw bad("It has a character that must be percent-encoded");
            }
        }
    }

    private static String decode(String raw) {
        if (raw.indexOf('%') < 0) {
            return raw;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c != '%') {
                bytes.write(c);
                continue;
            }
            int high = hex(raw, i + 1);
            int low = hex(raw, i + 2);
            int value = high * 16 + low;
            if (high < 0 || low < 0) {
                throw bad("The path has a '%' that is not followed by two hexadecimal digits");
            }
            if (value < 0x20 || value == 0x7f) {
                throw bad("The path has an encoded control character");
            }
            bytes.write(value);
            i += 2;
        }
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray())).toString();
        } catch (CharacterCodingException e) {
            throw bad("The path is not UTF-8");
        }
    }

    private static int hex(String text, int index) {
        return index < text.length() && HexFormat.isHexDigit(text.charAt(index))
                ? HexFormat.fromHexDigit(text.charAt(index))
                : -1;
    }

    private static CallerException bad(String details) {
        return CallerException.badRequest("Invalid request path", details);
    }
}
