// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.exporter;

import io.hostagent.core.error.CallerException;
import io.hostagent.core.web.RequestPath;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a container: {@code /proxy/ID/PORT/PATH}.
 *
 * @param container its full ID
 * @param port 1 to 65535
 * @param path decoded, beginning with a slash
 * @param rawTarget path and query as they go on the wire
 */
record TargetPath(String container, int port, String path, String rawTarget) {

    static final String PREFIX = "/proxy";

    private static final Pattern FORM =
            Pattern.compile(PREFIX + "/([0-9a-f]{64})/([1-9][0-9]{0,4})(/.*)?");

    /**
     * A slash, backslash, percent sign or semicolon that some servers take for what separates, for
     * one more encoding, or for the end of a segment, and others do not.
     */
    private static final Pattern AMBIGUOUS = Pattern.compile("(?i);|%(?:2f|5c|25|3b)");

    /**
     * Takes a path apart that has no dot segments, as it comes through the gate.
     *
     * @throws CallerException 400 for anything else, and for a path that two servers could read
     *     differently
     */
    static TargetPath of(RequestPath request) {
        Matcher parts = FORM.matcher(request.rawPath());
        int port = parts.matches() ? Integer.parseInt(parts.group(2)) : 0;
        if (port < 1 || port > 0xffff) {
            throw bad("It is /proxy/ID/PORT/PATH with a container's full ID and a TCP port");
        }
        String rawPath = orSlash(parts.group(3));
        // What is before it has no character that could be encoded, so it is as long decoded.
        String path = orSlash(request.path().substring(parts.end(2)));
        if (AMBIGUOUS.matcher(rawPath).find()) {
            throw bad("The path to the metrics has a ';', or an encoded '/', '\\\\' or '%'");
        }
        String query = request.query();
        return new TargetPath(
                parts.group(1), port, path, query == null ? rawPath : rawPath + "?" + query);
    }

    private static String orSlash(@Nullable String path) {
        return path == null || path.isEmpty() ? "/" : path;
    }

    /** Whether it is another path, or lies below it. */
    boolean isWithin(String other) {
        return path.equals(other) || path.startsWith(other.endsWith("/") ? other : other + "/");
    }

    private static CallerException bad(String details) {
        return CallerException.badRequest("Invalid path to a container", details);
    }
}
