// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.web;

import io.hostagent.core.error.CallerException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads how long something lasts: {@code 10s}, {@code 5m}, {@code 12h}, {@code 7d}. */
final class TimeSpan {

    private static final Pattern FORM = Pattern.compile("(\\d{1,6})([smhd])");

    private TimeSpan() {}

    /**
     * Reads it.
     *
     * @param what it is, for the message
     * @throws CallerException 400 when it is none
     */
    static Duration parse(String what, String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw CallerException.badRequest(
                    "Invalid " + what, "It is a time such as 30s, 5m, 12h or 7d");
        }
        long count = Long.parseLong(form.group(1));
        return switch (form.group(2)) {
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }
}
