// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hostagent.core.error.CallerException;
import io.hostagent.core.web.RequestPath;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Map;

/** The parameters of a request for files. */
final class Query {

    private static final int MOST_PARAMETERS = 64;

    private final Map<String, List<String>> parameters;

    private Query(Map<String, List<String>> parameters) {
        this.parameters = parameters;
    }

    /**
     * Takes a query apart.
     *
     * @throws CallerException 400 when it is not percent-encoded UTF-8
     */
    static Query of(RequestPath path) {
        try {
            return new Query(decoder(path).parameters());
        } catch (IllegalArgumentException e) {
            throw CallerException.badRequest(
                    "Invalid query", "It has a '%' that is not followed by two hexadecimal digits");
        }
    }

    /** A semicolon is a character of a name, and not what some old forms had between two. */
    private static QueryStringDecoder decoder(RequestPath path) {
        return new QueryStringDecoder(path.rawTarget(), UTF_8, true, MOST_PARAMETERS, true);
    }

    /**
     * The volume's name; empty for the host's files.
     *
     * @throws CallerException 400 for what no volume can be called
     */
    String volume() {
        String volume = value("volumeID");
        if (volume.equals(".")
                || volume.equals("..")
                || volume.chars().anyMatch(c -> c == '/' || c < ' ' || c == 0x7f)) {
            throw CallerException.badRequest("Invalid volume", "No volume can have this name");
        }
        return volume;
    }

    /**
     * The path.
     *
     * @throws CallerException 400 when there is none
     */
    String path() {
        String path = value("path");
        if (path.isEmpty()) {
            throw CallerException.badRequest(
                    "Invalid query parameter: path", "Missing query parameter");
        }
        return path;
    }

    /**
     * Whether something is asked for.
     *
     * @throws CallerException 400 when it is neither yes nor no
     */
    boolean flag(String name) {
        return switch (value(name)) {
            case "", "0", "false" -> false;
            case "1", "true" -> true;
            default ->
                    throw CallerException.badRequest(
                            "Invalid query parameter: " + name, "It is 1 or 0");
        };
    }

    private String value(String name) {
        List<String> values = parameters.getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw CallerException.badRequest(
                    "Invalid query parameter: " + name, "It is given more than once");
        }
        return values.isEmpty() ? "" : values.getFirst();
    }
}
