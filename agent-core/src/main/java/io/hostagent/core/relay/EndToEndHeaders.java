// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Which headers speak of the message and which of one connection (RFC 9110 §7.6.1). */
public final class EndToEndHeaders {

    private static final Set<String> HOP_BY_HOP =
            Set.of(
                    "connection",
                    "keep-alive",
                    "proxy-authenticate",
                    "proxy-authorization",
                    "proxy-connection",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "content-length",
                    "upgrade",
                    "http2-settings",
                    "expect");

    private EndToEndHeaders() {}

    /**
     * Adds the end-to-end headers of one message to another, values and order kept. Framing ({@code
     * Content-Length}, {@code Transfer-Encoding}) is left out as well: each connection has its own.
     */
    public static void copy(HttpHeaders from, HttpHeaders to) {
        copy(from, to, Set.of());
    }

    /** As {@link #copy}, but for the names that the other message has already. */
    static void copyOthers(HttpHeaders from, HttpHeaders to) {
        Set<String> present = new HashSet<>();
        to.names().forEach(name -> present.add(name.toLowerCase(Locale.ROOT)));
        copy(from, to, present);
    }

    private static void copy(HttpHeaders from, HttpHeaders to, Set<String> present) {
        Set<String> named = namedByConnection(from);
        for (Map.Entry<String, String> header : from) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (!HOP_BY_HOP.contains(name)
                    && !named.contains(name)
                    && !present.contains(name)
                    && !name.startsWith("x-http2-")) {
                to.add(header.getKey(), header.getValue());
            }
        }
    }

    private static Set<String> namedByConnection(HttpHeaders headers) {
        if (!headers.contains(HttpHeaderNames.CONNECTION)) {
            return Set.of();
        }
        Set<String> names = new HashSet<>();
        for (String value : headers.getAll(HttpHeaderNames.CONNECTION)) {
            for (String name : value.split(",", -1)) {
                names.add(name.strip().toLowerCase(Locale.ROOT));
            }
        }
        return names;
    }
}
