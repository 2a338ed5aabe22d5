// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.web;

import io.hostagent.capability.metrics.text.TextFormat;
import io.hostagent.core.error.CallerException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;

/** What the headers of a scrape say. */
final class ScrapeHeaders {

    static final String TIMEOUT = "X-Prometheus-Scrape-Timeout-Seconds";

    /** As long as Prometheus waits unless it is told otherwise. */
    private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(10);

    /** Nobody has a use for what is older. */
    private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(2);

    /** Left for writing down and sending what was read. */
    private static final Duration WRITING = Duration.ofMillis(500);

    private static final String OPENMETRICS = "application/openmetrics-text;version=1.0.0";

    private ScrapeHeaders() {}

    /**
     * How long reading may take.
     *
     * @throws CallerException 400 for what is no time
     */
    static Duration limit(HttpHeaders headers) {
        String text = headers.get(TIMEOUT);
        Duration timeout = text == null ? USUAL_TIMEOUT : seconds(text);
        return timeout.compareTo(WRITING.multipliedBy(2)) > 0
                ? timeout.minus(WRITING)
                : timeout.dividedBy(2);
    }

    private static Duration seconds(String text) {
        double seconds;
        try {
            seconds = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            seconds = Double.NaN;
        }
        if (!(seconds > 0)) {
            throw CallerException.badRequest(
                    TIMEOUT + " is no time", "It is a number of seconds above 0, such as 10");
        }
        double longest = LONGEST_TIMEOUT.toSeconds();
        return Duration.ofMillis(Math.max(1, Math.round(Math.min(seconds, longest) * 1_000)));
    }

    /** Whether the body is to be compressed. */
    static boolean gzip(HttpHeaders headers) {
        Accepted encodings = Accepted.of(headers.getAll(HttpHeaderNames.ACCEPT_ENCODING));
        return encodings.weight(coding -> coding.equals("gzip") || coding.equals("x-gzip")) > 0;
    }

    /** The format that suits a client to whom OpenMetrics is offered. */
    static TextFormat format(HttpHeaders headers) {
        Accepted types = Accepted.of(headers.getAll(HttpHeaderNames.ACCEPT));
        double openMetrics = types.weight(type -> type.startsWith(OPENMETRICS));
        double text = types.weight(type -> type.startsWith("text/plain"));
        return openMetrics > 0 && openMetrics >= text
                ? TextFormat.OPENMETRICS
                : TextFormat.PROMETHEUS;
    }
}
