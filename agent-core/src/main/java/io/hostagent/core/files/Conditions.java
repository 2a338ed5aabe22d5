// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.files;

import io.hostagent.core.jail.FileStatus;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which part of a file a client wants, if any (RFC 9110, sections 13 and 14). */
final class Conditions {

    /** One range; a request for several gets the whole file, as section 14.2 allows. */
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    /** RFC 9110, section 5.6.7; the JDK's own writes the first nine days with one digit. */
    private static final DateTimeFormatter HTTP_DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT);

    /** A part of a file. */
    sealed interface Part {

        /** All of it. */
        record Whole() implements Part {}

        /** Bytes, the first and the last. */
        record Bytes(long first, long last) implements Part {}

        /** None: what is asked for is behind the end. */
        record Beyond() implements Part {}

        /** None: the client has it. */
        record Unchanged() implements Part {}
    }

    private Conditions() {}

    /** A text that changes with the content. */
    static String tag(FileStatus status) {
        return "\"%x-%x-%x-%x\""
                .formatted(status.inode(), status.seconds(), status.nanoseconds(), status.size());
    }

    /** The time of the last change, as headers have it. */
    static String lastModified(FileStatus status) {
        return HTTP_DATE.format(
                ZonedDateTime.ofInstant(Instant.ofEpochSecond(status.seconds()), ZoneOffset.UTC));
    }

    /** What to send. */
    static Part of(HttpHeaders request, FileStatus status) {
        String tags = request.get(HttpHeaderNames.IF_NONE_MATCH, "");
        if (!tags.isEmpty()) {
            if (tags.equals("*") || tags.contains(tag(status))) {
                return new Part.Unchanged();
            }
        } else if (since(request.get(HttpHeaderNames.IF_MODIFIED_SINCE, ""))
                .filter(time -> status.seconds() <= time)
                .isPresent()) {
            return new Part.Unchanged();
        }
        String range = request.get(HttpHeaderNames.RANGE, "");
        String ifRange = request.get(HttpHeaderNames.IF_RANGE, "");
        boolean same =
                ifRange.isEmpty()
                        || ifRange.equals(tag(status))
                        || ifRange.equals(lastModified(status));
        return same ? range(range, status.size()) : new Part.Whole();
    }

    private static Optional<Long> since(String date) {
        try {
            return date.isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                                    .toEpochSecond());
        } catch (DateTimeException e) {
            // Section 13.1.3: what is no date is ignored.
            return Optional.empty();
        }
    }

    private static Part range(String range, long size) {
        Matcher matcher = RANGE.matcher(range);
        if (!matcher.matches() || (matcher.group(1).isEmpty() && matcher.group(2).isEmpty())) {
            return new Part.Whole();
        }
        String from = matcher.group(1);
        String to = matcher.group(2);
        long first;
        long last = size - 1;
        if (from.isEmpty()) {
            long suffix = Long.parseLong(to);
            if (suffix == 0) {
                return new Part.Beyond();
            }
            first = Math.max(0, size - suffix);
        } else {
            first = Long.parseLong(from);
            if (!to.isEmpty()) {
                long asked = Long.parseLong(to);
                if (asked < first) {
                    return new Part.Whole();
                }
                last = Math.min(last, asked);
            }
        }
        return first >= size ? new Part.Beyond() : new Part.Bytes(first, last);
    }
}
