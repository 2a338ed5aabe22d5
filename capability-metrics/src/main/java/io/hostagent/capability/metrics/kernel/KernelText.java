// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The bytes of one kernel file, and where in it somebody reads. It is used for one file after the
 * other: {@code text.read(file); while (text.line()) { while (text.field()) … }}. Nothing of a
 * former file is left when the next one is read, and reading a number or comparing a word makes no
 * garbage. For one thread.
 */
public final class KernelText {

    private static final int FIRST_SIZE = 16 << 10;

    /** No file that is read here is larger; what is says something else than was asked. */
    private static final int LIMIT = 64 << 20;

    /** Of the smallest pages that Linux has, see the kernel's {@code fs/seq_file.c}. */
    private static final int HALF_A_PAGE = 2 << 10;

    private byte[] bytes = new byte[FIRST_SIZE];
    private int length;

    /** Where the next line begins. */
    private int next;

    private int lineStart;
    private int lineEnd;
    private int fieldStart;
    private int fieldEnd;
    private boolean lineIsNew;

    /**
     * Reads a file to its end.
     *
     * @throws java.io.FileNotFoundException when there is none, or it may not be read
     */
    public void read(Path file) throws IOException {
        clear();
        try (FileInputStream in = new FileInputStream(file.toString())) {
            int got = in.read(bytes, 0, bytes.length);
            while (got > 0) {
                length += got;
                room();
                got = in.read(bytes, length, bytes.length - length);
            }
        }
    }

    /**
     * Reads a file that the kernel makes as a whole, as it does those of cgroups.
     *
     * @throws IOException when what it tells about is gone, such as a container's cgroup
     */
    public void read(KeptFile file) throws IOException {
        read(file, KeptFile.PIECE);
    }

    /**
     * Reads a file that the kernel makes line by line, of which it gives a page at once at most. A
     * page that another line did not fit into is nearly full.
     *
     * @throws IOException when what it tells about is gone
     */
    public void readLines(KeptFile file) throws IOException {
        read(file, HALF_A_PAGE);
    }

    /**
     * @param enough bytes at once for that there may be more; fewer were all, unless there was no
     *     room for them
     */
    private void read(KeptFile file, int enough) throws IOException {
        clear();
        int got = file.read(bytes, 0, 0);
        while (got >= enough || got == bytes.length - length) {
            length += got;
            room();
            got = file.read(bytes, length, length);
        }
        length += Math.max(got, 0);
    }

    /** Takes a text instead of a file's, as tests do. */
    public void take(String text) {
        bytes = text.getBytes(UTF_8);
        clear();
        length = bytes.length;
    }

    private void clear() {
        length = 0;
        next = 0;
        lineStart = 0;
        lineEnd = 0;
        fieldStart = 0;
        fieldEnd = 0;
    }

    private void room() throws IOException {
        if (length >= LIMIT) {
            throw new KernelFormatException("a file of more than " + LIMIT + " bytes");
        }
        if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, bytes.length * 2);
        }
    }

    /** Goes to the next line, the first one at first; {@code false} when there is none. */
    public boolean line() {
        if (next >= length) {
            return false;
        }
        lineStart = next;
        again();
        lineEnd = next;
        while (lineEnd < length && bytes[lineEnd] != '\n') {
            lineEnd++;
        }
        next = lineEnd + 1;
        return true;
    }

    /** Goes back to the beginning of the line, for what has to be known before its fields are. */
    public void again() {
        fieldStart = lineStart;
        fieldEnd = lineStart;
        lineIsNew = true;
    }

    /** Goes to the next field of the line; {@code false} when there is none. */
    public boolean field() {
        lineIsNew = false;
        int at = fieldEnd;
        while (at < lineEnd && isBlank(bytes[at])) {
            at++;
        }
        fieldStart = at;
        while (at < lineEnd && !isBlank(bytes[at])) {
            at++;
        }
        fieldEnd = at;
        return fieldEnd > fieldStart;
    }

    /** As {@link #field()} for fields that another character separates, which may be empty. */
    public boolean field(char separator) {
        if (!lineIsNew && fieldEnd >= lineEnd) {
            return false;
        }
        int at = lineIsNew ? fieldEnd : fieldEnd + 1;
        lineIsNew = false;
        fieldStart = at;
        while (at < lineEnd && bytes[at] != separator) {
            at++;
        }
        fieldEnd = at;
        return true;
    }

    /** Goes behind the character that ends the field, such as a colon that a number follows. */
    public void pass() {
        fieldEnd = Math.min(fieldEnd + 1, lineEnd);
        fieldStart = fieldEnd;
        lineIsNew = false;
    }

    /** Goes behind the last of these characters in all of the text; whether there is one. */
    public boolean goBehindLast(char mark) {
        for (int at = length - 1; at >= 0; at--) {
            if (bytes[at] == mark) {
                next = at + 1;
                return line();
            }
        }
        return false;
    }

    /** Goes to the field that is so many further; {@code false} when the line ends before. */
    public boolean skip(int fields) {
        for (int i = 0; i < fields; i++) {
            if (!field()) {
                return false;
            }
        }
        return true;
    }

    private static boolean isBlank(byte value) {
        return value == ' ' || value == '\t';
    }

    /** Whether the field is this word of ASCII. */
    public boolean is(String word) {
        return fieldEnd - fieldStart == word.length() && startsWith(word);
    }

    /** Whether the field begins with this word of ASCII. */
    public boolean startsWith(String word) {
        if (fieldEnd - fieldStart < word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (bytes[fieldStart + i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether the field ends with this word of ASCII. */
    public boolean endsWith(String word) {
        int start = fieldEnd - word.length();
        if (start < fieldStart) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (bytes[start + i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Shortens the field by what stands before this character, and by it; whether it is there. */
    public boolean behind(char mark) {
        for (int at = fieldStart; at < fieldEnd; at++) {
            if (bytes[at] == mark) {
                fieldStart = at + 1;
                return true;
            }
        }
        return false;
    }

    /** The bytes of the field as a text. */
    public String text() {
        return new String(bytes, fieldStart, fieldEnd - fieldStart, UTF_8);
    }

    /** The rest of the line from the field on as a text. */
    public String rest() {
        return new String(bytes, fieldStart, lineEnd - fieldStart, UTF_8);
    }

    /** All that was read as a text. */
    public String all() {
        return new String(bytes, 0, length, UTF_8);
    }

    /** How many bytes were read. */
    public int length() {
        return length;
    }

    /**
     * The field as a whole number; what stands behind its digits, such as a unit or a colon, does
     * not count. One of 64 bits without a sign that is too large for a {@code long} is as negative
     * as its bits are; see {@link #unsigned()}.
     */
    public long number() throws KernelFormatException {
        int at = fieldStart;
        boolean negative = at < fieldEnd && bytes[at] == '-';
        if (negative) {
            at++;
        }
        int first = at;
        long value = 0;
        while (at < fieldEnd && bytes[at] >= '0' && bytes[at] <= '9') {
            value = value * 10 + bytes[at] - '0';
            at++;
        }
        if (at == first) {
            throw new KernelFormatException("'" + text() + "' is no number");
        }
        return negative ? -value : value;
    }

    /** The field as a number of 64 bits without a sign, as counters of the kernel are. */
    public double unsigned() throws KernelFormatException {
        long value = number();
        // The value of the lowest bit is lost in a double of this size anyway.
        return value >= 0 || bytes[fieldStart] == '-' ? value : (value >>> 1) * 2.0;
    }

    /** The field as a number in base 16, without {@code 0x}. */
    public long hexadecimal() throws KernelFormatException {
        long value = 0;
        for (int at = fieldStart; at < fieldEnd; at++) {
            int digit = Character.digit(bytes[at], 16);
            if (digit < 0) {
                throw new KernelFormatException("'" + text() + "' is no number in base 16");
            }
            value = value << 4 | digit;
        }
        if (fieldEnd == fieldStart) {
            throw new KernelFormatException("'' is no number in base 16");
        }
        return value;
    }

    /** The field as a number with a fraction. */
    public double decimal() throws KernelFormatException {
        try {
            return Double.parseDouble(text());
        } catch (NumberFormatException e) {
            throw new KernelFormatException("'" + text() + "' is no number");
        }
    }
}
