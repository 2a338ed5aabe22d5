// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.option;

import io.hostagent.core.error.CallerException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sizes as Flocker took them: a whole number with one of the units {@code k}, {@code m}, {@code g}
 * and {@code t}, with {@code i} or {@code b} behind it or not, and each of them a power of 1024.
 * Flocker took anything else for 75 GiB; here it is refused.
 */
public final class ByteSize {

    private static final Pattern FORM = Pattern.compile("(\\d{1,19})(?:([kmgt])i?)?b?");
    private static final String UNITS = "kmgt";
    private static final int BITS_OF_A_UNIT = 10;

    private ByteSize() {}

    /**
     * Reads a size.
     *
     * @param text such as {@code 10g}, {@code 512MiB} or {@code 1073741824}
     * @return bytes, at least 1
     * @throws CallerException 400 when it is no size
     */
    public static long parse(String text) {
        Matcher form = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (form.matches()) {
            String unit = form.group(2);
            int bits = unit == null ? 0 : (UNITS.indexOf(unit) + 1) * BITS_OF_A_UNIT;
            try {
                long bytes = Math.multiplyExact(Long.parseLong(form.group(1)), 1L << bits);
                if (bytes > 0) {
                    return bytes;
                }
            } catch (ArithmeticException | NumberFormatException e) {
                // Too large for any disk; said below.
            }
        }
        throw CallerException.badRequest(
                "size=" + text + " is no size", "It takes one such as 512m, 10g or 1073741824");
    }
}
