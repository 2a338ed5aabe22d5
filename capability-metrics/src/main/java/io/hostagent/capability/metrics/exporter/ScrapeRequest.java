// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.exporter;

import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * What a client asks of an exporter.
 *
 * @param target path and query as they go on the wire
 * @param client the headers of the client's request
 * @param limit for all of the answer
 */
record ScrapeRequest(String target, HttpHeaders client, Duration limit) {

    private static final Duration USUAL = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,6}(\\.[0-9]{1,9})?");

    /** What is left of Prometheus' own patience: it is to get the error while it still listens. */
    private static final Duration HEAD_START = Duration.ofMillis(500);

    /** Reads a request, which may say how long it will wait. */
    static ScrapeRequest of(String target, HttpHeaders client) {
        return new ScrapeRequest(target, client, limit(client.get(PassedOn.TIMEOUT, "")));
    }

    private static Duration limit(String seconds) {
        if (!SECONDS.matcher(seconds).matches()) {
            return USUAL;
        }
        Duration asked = Duration.ofMillis((long) (Double.parseDouble(seconds) * 1_000));
        if (asked.isZero()) {
            return USUAL;
        }
        Duration bounded = asked.compareTo(LONGEST) > 0 ? LONGEST : asked;
        Duration tenth = bounded.dividedBy(10);
        return bounded.minus(tenth.compareTo(HEAD_START) < 0 ? tenth : HEAD_START);
    }

    /** The headers for the exporter at an address. */
    HttpHeaders headersTo(String host) {
        return PassedOn.request(client, host);
    }
}
