// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.list;

/** The grammar of a string in JSON (RFC 8259 §7), with that of UTF-8 (RFC 3629 §4). */
final class JsonString {

    private enum Part {
        TEXT,
        ESCAPE,
        HEX,
        CHARACTER,
        END
    }

    /** ASCII that stands for itself. */
    private static final boolean[] PLAIN = new boolean[256];

    static {
        for (int c = ' '; c < 0x80; c++) {
            PLAIN[c] = c != '"' && c != '\\';
        }
    }

    private Part part = Part.END;

    /** Digits or bytes that are still to come of a character. */
    private int left;

    /** What the next byte of a character may be. */
    private int lowest;

    private int highest;

    /** Begins behind the first quote. */
    void start() {
        part = Part.TEXT;
    }

    /** Whether the last quote was read. */
    boolean isWhole() {
        return part == Part.END;
    }

    /**
     * Reads on.
     *
     * @return the index behind the last byte that was read: of the quote at the end, or of the
     *     piece
     * @throws BadListException when this is no string
     */
    int read(byte[] piece, int from, int to) {
        int at = from;
        while (at < to && part != Part.END) {
            if (part == Part.TEXT) {
                while (at < to && PLAIN[piece[at] & 0xff]) {
                    at++;
                }
                if (at == to) {
                    return at;
                }
            }
            next(piece[at] & 0xff);
            at++;
        }
        return at;
    }

    private void next(int value) {
        switch (part) {
            case TEXT -> {
                if (value == '"') {
                    part = Part.END;
                } else if (value == '\\') {
                    part = Part.ESCAPE;
                } else {
                    character(value);
                }
            }
            case ESCAPE -> {
                if (value == 'u') {
                    expect(Part.HEX, 4);
                } else {
                    BadListException.unless("\"\\/bfnrt".indexOf(value) >= 0);
                    part = Part.TEXT;
                }
            }
            case HEX -> {
                BadListException.unless(Character.digit(value, 16) >= 0 && value < 0x80);
                arrived();
            }
            case CHARACTER -> {
                BadListException.unless(value >= lowest && value <= highest);
                lowest = 0x80;
                highest = 0xbf;
                arrived();
            }
            case END -> throw new IllegalStateException("behind the end of a string");
        }
    }

    /** The first byte of a character that has several. */
    private void character(int first) {
        lowest = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
        highest = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
        BadListException.unless(first >= 0xc2 && first <= 0xf4);
        expect(Part.CHARACTER, first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3);
    }

    private void expect(Part what, int count) {
        part = what;
        left = count;
    }

    private void arrived() {
        left--;
        if (left == 0) {
            part = Part.TEXT;
        }
    }
}
