// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.discovery;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How often Prometheus shall scrape a target.
 *
 * @param text a duration as Prometheus writes it, such as {@code 1m30s}: units from the largest to
 *     the smallest, each at most once
 * @param length the same; more than nothing
 */
public record ScrapeInterval(String text, Duration length) {

    private static final Pattern FORM =
            Pattern.compile(
                    "(?:(\\d{1,6})d)?(?:(\\d{1,6})h)?(?:(\\d{1,6})m)?(?:(\\d{1,6})s)?(?:(\\d{1,6})ms)?");

    private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(10);

    /** Reads a label; empty for what is no duration, or none at all. */
    static Optional<ScrapeInterval> of(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        Duration length =
                Duration.ofDays(number(parts.group(1)))
                        .plusHours(number(parts.group(2)))
                        .plusMinutes(number(parts.group(3)))
                        .plusSeconds(number(parts.group(4)))
                        .plusMillis(number(parts.group(5)));
        return length.isZero() ? Optional.empty() : Optional.of(new ScrapeInterval(text, length));
    }

    private static long number(@Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }

    /** How long a scrape may take: Prometheus refuses a target whose timeout is the longer one. */
    String timeout() {
        return length.compareTo(USUAL_TIMEOUT) < 0 ? text : USUAL_TIMEOUT.toSeconds() + "s";
    }
}
