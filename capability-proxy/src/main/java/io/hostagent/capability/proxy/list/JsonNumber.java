// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.list;

/** The grammar of a number in JSON (RFC 8259 §6), byte by byte. Its value is nobody's concern. */
final class JsonNumber {

    private enum Part {
        SIGN,
        ZERO,
        INTEGER,
        POINT,
        FRACTION,
        EXPONENT,
        EXPONENT_SIGN,
        EXPONENT_DIGITS,
        NONE
    }

    private Part part = Part.NONE;

    /** Begins with the first byte: a digit or a minus. */
    void start(byte first) {
        part = first == '-' ? Part.SIGN : first == '0' ? Part.ZERO : Part.INTEGER;
    }

    /** Takes a byte that belongs to the number, or finds that the number ended before it. */
    boolean take(byte next) {
        Part after = after(next, next >= '0' && next <= '9');
        if (after == Part.NONE) {
            return false;
        }
        part = after;
        return true;
    }

    /** Whether it may end here. */
    boolean isWhole() {
        return part == Part.ZERO
                || part == Part.INTEGER
                || part == Part.FRACTION
                || part == Part.EXPONENT_DIGITS;
    }

    private Part after(byte next, boolean digit) {
        return switch (part) {
            case SIGN -> next == '0' ? Part.ZERO : digit ? Part.INTEGER : Part.NONE;
            case ZERO -> next == '.' ? Part.POINT : exponent(next);
            case INTEGER -> digit ? Part.INTEGER : next == '.' ? Part.POINT : exponent(next);
            case POINT -> digit ? Part.FRACTION : Part.NONE;
            case FRACTION -> digit ? Part.FRACTION : exponent(next);
            case EXPONENT ->
                    next == '+' || next == '-'
                            ? Part.EXPONENT_SIGN
                            : digit ? Part.EXPONENT_DIGITS : Part.NONE;
            case EXPONENT_SIGN, EXPONENT_DIGITS -> digit ? Part.EXPONENT_DIGITS : Part.NONE;
            case NONE -> Part.NONE;
        };
    }

    private static Part exponent(byte next) {
        return next == 'e' || next == 'E' ? Part.EXPONENT : Part.NONE;
    }
}
