// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.docker;

import io.hostagent.core.relay.Relay;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which requests may share one answer of the engine, and which of them are the same. */
final class SharedReads {

    /**
     * Reads of what an engine has as a whole: they end, change nothing, and are what many clients
     * ask for again and again. Nothing that streams, and nothing that is a container's own.
     */
    private static final Set<String> PATHS =
            Set.of(
                    "/containers/json",
                    "/images/json",
                    "/networks",
                    "/volumes",
                    "/services",
                    "/tasks",
                    "/nodes",
                    "/secrets",
                    "/configs",
                    "/info",
                    "/version",
                    "/system/df");

    /**
     * Headers that say who asks and by which way, and not what for. No read of an engine looks at
     * them, and browsers and proxies give each request others. Whatever is not named here, known or
     * not, makes two requests differ.
     */
    private static final Set<String> ABOUT_THE_CLIENT =
            Set.of(
                    "user-agent",
                    "referer",
                    "accept-language",
                    "via",
                    "forwarded",
                    "x-forwarded-for",
                    "x-forwarded-host",
                    "x-forwarded-proto",
                    "x-real-ip",
                    "traceparent",
                    "tracestate");

    /** Characters of a key, which is kept in memory; a longer request is nobody's twin. */
    private static final int MAX_KEY = 8 * 1024;

    private SharedReads() {}

    /**
     * What is the same for requests that the engine cannot tell apart.
     *
     * @param path without the API version, decoded
     * @param client the headers of the client, which say whether there is a body
     * @param outgoing as the engine would get it
     * @return {@code null} for a request that shares its answer with nobody
     */
    static @Nullable String key(String path, HttpHeaders client, Relay.Outgoing outgoing) {
        if (!outgoing.method().equals(HttpMethod.GET)
                || !PATHS.contains(path)
                || outgoing.upgrade() != null
                || client.contains(HttpHeaderNames.TRANSFER_ENCODING)
                || !"0".equals(client.get(HttpHeaderNames.CONTENT_LENGTH, "0"))) {
            return null;
        }
        StringBuilder key = new StringBuilder(256).append(outgoing.target());
        for (Map.Entry<String, String> header : outgoing.headers()) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (!ABOUT_THE_CLIENT.contains(name)) {
                // Neither part can have a line break.
                key.append('\n').append(name).append(':').append(header.getValue());
            }
        }
        return key.length() > MAX_KEY ? null : key.toString();
    }
}
