// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.exporter;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;

/**
 * Which headers an exporter gets to see, and which of its own the client: what a scrape is about,
 * and nothing that is between the client and the agent.
 */
final class PassedOn {

    static final String TIMEOUT = "X-Prometheus-Scrape-Timeout-Seconds";

    private static final List<CharSequence> REQUEST =
            List.of(
                    HttpHeaderNames.ACCEPT,
                    HttpHeaderNames.ACCEPT_ENCODING,
                    HttpHeaderNames.USER_AGENT,
                    TIMEOUT);

    private static final List<CharSequence> ANSWER =
            List.of(
                    HttpHeaderNames.CONTENT_TYPE,
                    HttpHeaderNames.CONTENT_ENCODING,
                    HttpHeaderNames.LAST_MODIFIED,
                    HttpHeaderNames.DATE,
                    HttpHeaderNames.VARY);

    private PassedOn() {}

    /** For the exporter. */
    static HttpHeaders request(HttpHeaders client, String host) {
        HttpHeaders headers = new DefaultHttpHeaders().set(HttpHeaderNames.HOST, host);
        copy(REQUEST, client, headers);
        return headers;
    }

    /** For the client. A browser is not to take it for a page of the agent's. */
    static HttpHeaders answer(HttpHeaders exporter) {
        HttpHeaders headers =
                DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
        copy(ANSWER, exporter, headers);
        if (!exporter.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
            copy(List.of(HttpHeaderNames.CONTENT_LENGTH), exporter, headers);
        }
        return headers.set("X-Content-Type-Options", "nosniff")
                .set("Content-Security-Policy", "sandbox");
    }

    private static void copy(List<CharSequence> names, HttpHeaders from, HttpHeaders to) {
        for (CharSequence name : names) {
            to.add(name, from.getAll(name));
        }
    }
}
