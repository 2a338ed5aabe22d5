// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.text;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/**
 * Writes a number so that whoever reads the text has the same {@code double} again, bit by bit.
 * Nearly all numbers of a host are whole, or a whole number of nanoseconds, microseconds or
 * milliseconds: those are written without making garbage.
 */
final class NumberText {

    /** No text of a number is longer, in bytes. */
    static final int LONGEST = 26;

    private static final byte[] NAN = "NaN".getBytes(ISO_8859_1);
    private static final byte[] INFINITE = "+Inf".getBytes(ISO_8859_1);

    /** Up to here every whole number is a {@code double} of its own. */
    private static final double EXACT = 0x1p53;

    /** From here on a {@code long} does not hold them. */
    private static final double TOO_LARGE = 0x1p63;

    private NumberText() {}

    /**
     * Writes a number.
     *
     * @param into with room for {@link #LONGEST} bytes
     * @return where the next byte goes
     */
    static int write(double value, byte[] into, int at) {
        if (!Double.isFinite(value)) {
            return notFinite(value, into, at);
        }
        int next = at;
        if (Double.doubleToRawLongBits(value) < 0) {
            into[next++] = '-';
        }
        double size = Math.abs(value);
        if (size < TOO_LARGE && (long) size == size) {
            return whole((long) size, into, next);
        }
        int end = fraction(size, 1_000_000_000, 9, into, next);
        if (end < 0) {
            end = fraction(size, 1_000_000, 6, into, next);
        }
        if (end < 0) {
            end = fraction(size, 1_000, 3, into, next);
        }
        return end < 0 ? shortest(size, into, next) : end;
    }

    private static int notFinite(double value, byte[] into, int at) {
        byte[] text = Double.isNaN(value) ? NAN : INFINITE;
        System.arraycopy(text, 0, into, at, text.length);
        if (value < 0) {
            into[at] = '-';
        }
        return at + text.length;
    }

    private static int whole(long number, byte[] into, int at) {
        int end = at + 1;
        for (long left = number / 10; left > 0; left /= 10) {
            end++;
        }
        digits(number, into, at, end);
        return end;
    }

    private static void digits(long number, byte[] into, int from, int end) {
        long left = number;
        for (int at = end - 1; at >= from; at--) {
            long tenth = left / 10;
            into[at] = (byte) ('0' + (left - tenth * 10));
            left = tenth;
        }
    }

    /**
     * Writes a number as so many parts of a unit, when reading that gives the number again: a
     * quotient of two numbers that are exact is the {@code double} next to the true one, which is
     * what reading its decimal digits gives as well.
     *
     * @return where the next byte goes; -1 when the number is another one
     */
    private static int fraction(double size, long parts, int places, byte[] into, int at) {
        double scaled = size * parts;
        if (scaled >= EXACT) {
            return -1;
        }
        long number = Math.round(scaled);
        if ((double) number / parts != size) {
            return -1;
        }
        long units = number / parts;
        int point = whole(units, into, at);
        into[point] = '.';
        int end = point + 1 + places;
        digits(number - units * parts, into, point + 1, end);
        while (into[end - 1] == '0') {
            end--;
        }
        return end;
    }

    private static int shortest(double size, byte[] into, int at) {
        String text = Double.toString(size);
        for (int i = 0; i < text.length(); i++) {
            into[at + i] = (byte) text.charAt(i);
        }
        return at + text.length();
    }
}
