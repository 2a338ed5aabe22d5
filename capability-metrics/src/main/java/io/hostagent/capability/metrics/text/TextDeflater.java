// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.text;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Compresses the text of samples as RFC 1951 says, in about half the time of zlib's fastest way. A
 * third of a scrape of many containers went into the digits of their IDs, each of which zlib
 * hashes, looks for in a chain and counts. Here one place is remembered for each six bytes, and how
 * many bits a letter has is known beforehand: digits and what else is in an ID have few. Scrapes of
 * containers become as short as by zlib, those of a host alone some kilobytes longer. Whatever the
 * text is, all of it comes back; what is no such text may become nearly twice as long.
 *
 * <p>The whole text is one block with one dynamic code. For one thread.
 */
final class TextDeflater {

    /** As far as a copy may reach back, in bytes. */
    private static final int REACH = 32 * 1024;

    /** The most bytes that are taken at once. */
    static final int INPUT = 8 * 1024;

    /** As much room as the bytes that are made of {@link #INPUT} need at most, with both ends. */
    static final int OUTPUT = INPUT * HuffmanCode.LONGEST / Byte.SIZE + 512;

    /** The shortest copy: for fewer bytes their letters have about as many bits. */
    private static final int SHORTEST = 6;

    private static final int LONGEST = 258;
    private static final int SLOT_BITS = 12;
    private static final long SPREAD = 0x9E3779B185EBCA87L;
    private static final int BYTES = 256;
    private static final int END = 256;
    private static final int FIRST_LENGTH = 257;
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** How often a letter or a copy comes in such a text, about. */
    private static final HuffmanCode LETTERS = HuffmanCode.of(weights());

    /** Lines are some hundred bytes long, and what is copied is from the line before. */
    private static final HuffmanCode DISTANCES =
            HuffmanCode.of(
                    2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 4, 4, 8, 8, 40, 40, 30, 30, 10, 10, 6, 6, 4, 4, 3,
                    3, 3, 3, 3, 3);

    /** Order in which the lengths of the code for lengths are told, section 3.2.7. */
    private static final int LENGTHS_TOLD = 19;

    /** Repetitions, which stand first in that order, and are of no use here. */
    private static final int REPETITIONS = 3;

    /** For each byte its code, above {@link #SIZE_BITS} with the code's length. */
    private static final int[] BYTE_CODES = new int[BYTES];

    /** The same for each length of a copy, with the bits that follow the code. */
    private static final int[] LENGTH_CODES = new int[LONGEST + 1];

    private static final int SIZE_BITS = 5;
    private static final int SIZE_MASK = (1 << SIZE_BITS) - 1;

    static {
        for (int letter = 0; letter < BYTES; letter++) {
            BYTE_CODES[letter] = LETTERS.bits(letter) << SIZE_BITS | LETTERS.length(letter);
        }
        fillLengths();
    }

    private final byte[] window = new byte[REACH + 2 * INPUT];
    private int filled;

    /** How many bytes were in the window before its first one; wraps around. */
    private int gone;

    /** Where in the text six bytes of that hash were seen last; wraps around. */
    private final int[] seen = new int[1 << SLOT_BITS];

    private final byte[] output = new byte[OUTPUT + Long.BYTES];
    private int written;
    private long bits;
    private int bitCount;

    private static int[] weights() {
        int[] weights = new int[FIRST_LENGTH + 29];
        Arrays.fill(weights, 1);
        Arrays.fill(weights, ' ', '~' + 1, 8);
        Arrays.fill(weights, 'a', 'z' + 1, 60);
        Arrays.fill(weights, '0', '9' + 1, 500);
        Arrays.fill(weights, 'a', 'f' + 1, 400);
        for (char mark : new char[] {'\n', ' ', '"', ',', '.', '/', '=', '_', '{', '}'}) {
            weights[mark] = 60;
        }
        Arrays.fill(weights, FIRST_LENGTH, weights.length, 30);
        return weights;
    }

    /** Section 3.2.5: each four symbols have one bit more behind them than the four before. */
    private static void fillLengths() {
        int symbol = FIRST_LENGTH;
        int length = 3;
        while (length < LONGEST) {
            int extra = Math.max(0, (symbol - FIRST_LENGTH) / 4 - 1);
            for (int i = 0; i < 1 << extra && length < LONGEST; i++) {
                LENGTH_CODES[length++] = lengthCode(symbol, i, extra);
            }
            symbol++;
        }
        LENGTH_CODES[LONGEST] = lengthCode(symbol, 0, 0);
    }

    private static int lengthCode(int symbol, int extra, int extraBits) {
        int size = LETTERS.length(symbol);
        return (extra << size | LETTERS.bits(symbol)) << SIZE_BITS | size + extraBits;
    }

    /** Begins the one block, which is the last one, and tells its codes; section 3.2.7. */
    void begin() {
        put(1, 1);
        put(2, 2);
        put(LETTERS.size() - FIRST_LENGTH, 5);
        put(DISTANCES.size() - 1, 5);
        put(LENGTHS_TOLD - 4, 4);
        // Each of the lengths 0 to 15 has four bits.
        for (int i = 0; i < LENGTHS_TOLD; i++) {
            put(i < REPETITIONS ? 0 : 4, 3);
        }
        tell(LETTERS);
        tell(DISTANCES);
    }

    private void tell(HuffmanCode code) {
        for (int symbol = 0; symbol < code.size(); symbol++) {
            put(Integer.reverse(code.length(symbol)) >>> (Integer.SIZE - 4), 4);
        }
    }

    /** Ends the block. */
    void end() {
        put(LETTERS.bits(END), LETTERS.length(END));
        put(0, -bitCount & 7);
        flush();
    }

    /** The bytes that were made since {@link #clear}, from index 0 on; all but the last bits. */
    byte[] output() {
        return output;
    }

    /** How many they are. */
    int length() {
        return written;
    }

    /** Forgets what was made, which somebody has taken. */
    void clear() {
        written = 0;
    }

    /**
     * Compresses so many bytes.
     *
     * @param length {@link #INPUT} at most
     */
    void write(byte[] text, int from, int length) {
        if (filled + length > window.length) {
            int slid = filled - REACH;
            System.arraycopy(window, slid, window, 0, REACH);
            gone += slid;
            filled = REACH;
        }
        System.arraycopy(text, from, window, filled, length);
        int start = filled;
        filled += length;
        compress(start, filled);
    }

    private void compress(int start, int end) {
        int at = start;
        int letters = start;
        while (at <= end - Long.BYTES) {
            long next = (long) LONG.get(window, at);
            int slot = slot(next);
            int position = gone + at;
            int distance = position - seen[slot];
            seen[slot] = position;
            // What was seen may have been forgotten since, or never have been: the bytes tell.
            if (distance > 0
                    && distance <= Math.min(at, REACH)
                    && begin(next ^ (long) LONG.get(window, at - distance)) == 0) {
                letters(letters, at);
                int length = common(at - distance, at, end);
                copy(length, distance);
                remember(at + length);
                at += length;
                letters = at;
            } else {
                at++;
            }
        }
        letters(letters, end);
    }

    /** The first {@link #SHORTEST} of eight bytes. */
    private static long begin(long eight) {
        return eight << (Long.SIZE - SHORTEST * Byte.SIZE);
    }

    private static int slot(long eight) {
        return (int) ((begin(eight) * SPREAD) >>> (Long.SIZE - SLOT_BITS));
    }

    private int common(int before, int at, int end) {
        int same = Arrays.mismatch(window, before, before + end - at, window, at, end);
        return same < 0 ? end - at : same;
    }

    /** What stands before the end of a copy may be looked for from another place in it. */
    private void remember(int end) {
        int at = end - SHORTEST;
        if (at + Long.BYTES <= filled) {
            seen[slot((long) LONG.get(window, at))] = gone + at;
        }
    }

    private void letters(int from, int end) {
        long some = bits;
        int count = bitCount;
        int to = written;
        for (int at = from; at < end; at++) {
            int code = BYTE_CODES[window[at] & 0xff];
            some |= (long) (code >>> SIZE_BITS) << count;
            count += code & SIZE_MASK;
            if (count > Integer.SIZE) {
                LONG.set(output, to, some);
                to += count >>> 3;
                some >>>= count & -Byte.SIZE;
                count &= Byte.SIZE - 1;
            }
        }
        bits = some;
        bitCount = count;
        written = to;
    }

    private void copy(int length, int distance) {
        int left = length;
        while (left > 0) {
            int part = Math.min(left, LONGEST);
            // There is no copy of one or two bytes.
            if (left - part > 0 && left - part < 3) {
                part -= 3;
            }
            int code = LENGTH_CODES[part];
            put(code >>> SIZE_BITS, code & SIZE_MASK);
            distance(distance - 1);
            left -= part;
        }
    }

    /** Section 3.2.5: each two symbols have one bit more behind them than the two before. */
    private void distance(int less) {
        if (less < 4) {
            put(DISTANCES.bits(less), DISTANCES.length(less));
            return;
        }
        int extra = Integer.SIZE - 2 - Integer.numberOfLeadingZeros(less);
        int symbol = 2 * extra + (less >>> extra);
        int size = DISTANCES.length(symbol);
        put((less & (1 << extra) - 1) << size | DISTANCES.bits(symbol), size + extra);
    }

    /**
     * Adds bits.
     *
     * @param size 28 at most: with the 32 that may wait they fit into a {@code long}
     */
    private void put(int value, int size) {
        bits |= (long) value << bitCount;
        bitCount += size;
        if (bitCount > Integer.SIZE) {
            flush();
        }
    }

    /** Takes whole bytes. */
    private void flush() {
        LONG.set(output, written, bits);
        int whole = bitCount & -Byte.SIZE;
        written += whole / Byte.SIZE;
        bits >>>= whole;
        bitCount -= whole;
    }
}
