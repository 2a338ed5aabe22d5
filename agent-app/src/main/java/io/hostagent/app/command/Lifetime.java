// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.command;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads how long something is good for: {@code 30d}, {@code 12h}. */
final class Lifetime implements ITypeConverter<Duration> {

    private static final Pattern FORM = Pattern.compile("(\\d{1,6})([smhdw])");
    private static final Map<String, Duration> UNITS =
            Map.of(
                    "s", ChronoUnit.SECONDS.getDuration(),
                    "m", ChronoUnit.MINUTES.getDuration(),
                    "h", ChronoUnit.HOURS.getDuration(),
                    "d", ChronoUnit.DAYS.getDuration(),
                    "w", ChronoUnit.WEEKS.getDuration());

    @Override
    public Duration convert(String text) {
        Matcher form = FORM.matcher(text);
        if (form.matches()) {
            Duration unit = UNITS.getOrDefault(form.group(2), Duration.ZERO);
            Duration lifetime = unit.multipliedBy(Long.parseLong(form.group(1)));
            if (lifetime.isPositive()) {
                return lifetime;
            }
        }
        throw new TypeConversionException("'" + text + "' is not a time such as 12h, 30d or 52w");
    }
}
