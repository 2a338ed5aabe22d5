// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.files;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.hostagent.core.error.CallerException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.Arrays;
import org.springframework.http.ContentDisposition;

/**
 * Takes a {@code multipart/form-data} body apart as it comes (RFC 7578, RFC 2046 section 5.1).
 * Nothing is held but what may turn out to be a boundary, and the headers of one part. Parsers of
 * libraries look at each byte by itself, which made an upload three times as slow as its disk.
 */
final class FormParser {

    /** What is told of the parts, in their order. */
    interface Parts {

        /**
         * A part begins.
         *
         * @param disposition its name, and the file's if it is one
         */
        void begins(ContentDisposition disposition) throws IOException;

        /** The next piece of its content, which is read and not kept. */
        void content(ByteBuf piece) throws IOException;

        /** It ends. */
        void ends() throws IOException;
    }

    private static final int LONGEST_HEADERS = 16 * 1024;
    private static final int LONGEST_BOUNDARY = 70;
    private static final int MOST_PARTS = 100;
    private static final byte[] END_OF_HEADERS = {'\r', '\n', '\r', '\n'};

    private enum State {
        BEFORE,
        AFTER_BOUNDARY,
        HEADERS,
        CONTENT,
        DONE
    }

    private final byte[] delimiter;
    private final int[] steps;
    private final Parts parts;
    private final ByteBuf held = Unpooled.buffer(256);
    private State state = State.BEFORE;
    private int count;

    /**
     * Begins.
     *
     * @param boundary of the parts, without hyphens
     * @throws CallerException 400 when it is none
     */
    FormParser(String boundary, Parts parts) {
        if (boundary.isEmpty() || boundary.length() > LONGEST_BOUNDARY) {
            throw invalid("The boundary is missing or too long");
        }
        this.delimiter = ("\r\n--" + boundary).getBytes(US_ASCII);
        this.steps = steps(delimiter);
        this.parts = parts;
        // The first boundary may be at the very beginning, without a line end before it.
        held.writeBytes(new byte[] {'\r', '\n'});
    }

    /** Takes the next part of the body. */
    void accept(ByteBuf data) throws IOException {
        ByteBuf input = data;
        if (held.isReadable()) {
            input = Unpooled.wrappedBuffer(held.copy(), data.retainedSlice());
            held.clear();
        } else {
            input.retain();
        }
        try {
            ByteBuf rest = input.slice();
            boolean more = true;
            while (more) {
                more = step(rest);
            }
            held.writeBytes(rest);
            if (held.readableBytes() > LONGEST_HEADERS) {
                throw invalid("The headers of a part are too long");
            }
        } finally {
            input.release();
        }
    }

    /** All has come; a body that ends in the middle is none. */
    void finish() {
        if (state != State.DONE) {
            throw invalid("The body ends before its last boundary");
        }
    }

    /** Whether there is something left to be looked at. */
    private boolean step(ByteBuf input) throws IOException {
        return switch (state) {
            case BEFORE -> upToBoundary(input, false);
            case CONTENT -> upToBoundary(input, true);
            case AFTER_BOUNDARY -> afterBoundary(input);
            case HEADERS -> headers(input);
            case DONE -> {
                input.skipBytes(input.readableBytes());
                yield false;
            }
        };
    }

    /**
     * Looks for the delimiter as Horspool does: the byte where its end would be mostly tells that
     * it is not here, and how far away it is at least, so that few bytes are looked at.
     */
    private boolean upToBoundary(ByteBuf input, boolean content) throws IOException {
        int start = input.readerIndex();
        int end = input.writerIndex();
        int at = start;
        while (at + delimiter.length <= end) {
            if (matched(input, at, end) == delimiter.length) {
                pass(input, at - start, content);
                input.skipBytes(delimiter.length);
                if (content) {
                    parts.ends();
                }
                state = State.AFTER_BOUNDARY;
                return true;
            }
            at += steps[input.getByte(at + delimiter.length - 1) & 0xff];
        }
        // The rest is too short for it, and may be how it begins.
        while (at < end && at + matched(input, at, end) < end) {
            at++;
        }
        pass(input, Math.min(at, end) - start, content);
        return false;
    }

    /** For each byte, how far the delimiter's end is behind it at least. */
    private static int[] steps(byte[] delimiter) {
        int[] steps = new int[256];
        Arrays.fill(steps, delimiter.length);
        for (int i = 0; i < delimiter.length - 1; i++) {
            steps[delimiter[i] & 0xff] = delimiter.length - 1 - i;
        }
        return steps;
    }

    /** How many bytes of the delimiter are there; all that are left, or up to the first other. */
    private int matched(ByteBuf input, int at, int end) {
        int length = 0;
        while (length < delimiter.length
                && at + length < end
                && input.getByte(at + length) == delimiter[length]) {
            length++;
        }
        return length;
    }

    private void pass(ByteBuf input, int length, boolean content) throws IOException {
        ByteBuf piece = input.readSlice(length);
        if (content && length > 0) {
            parts.content(piece);
        }
    }

    private boolean afterBoundary(ByteBuf input) {
        if (input.readableBytes() < 2) {
            return false;
        }
        int first = input.readByte();
        int second = input.readByte();
        if (first == '-' && second == '-') {
            state = State.DONE;
            return true;
        }
        if (first != '\r' || second != '\n') {
            throw invalid("There is something behind a boundary");
        }
        count++;
        if (count > MOST_PARTS) {
            throw invalid("It has more than " + MOST_PARTS + " parts");
        }
        state = State.HEADERS;
        return true;
    }

    private boolean headers(ByteBuf input) throws IOException {
        String text =
                input.toString(
                        input.readerIndex(),
                        Math.min(input.readableBytes(), LONGEST_HEADERS + END_OF_HEADERS.length),
                        ISO_8859_1);
        int end = text.indexOf(new String(END_OF_HEADERS, US_ASCII));
        if (end < 0) {
            if (text.length() > LONGEST_HEADERS) {
                throw invalid("The headers of a part are too long");
            }
            return false;
        }
        input.skipBytes(end + END_OF_HEADERS.length);
        state = State.CONTENT;
        // Browsers write names in UTF-8.
        parts.begins(disposition(new String(text.substring(0, end).getBytes(ISO_8859_1), UTF_8)));
        return true;
    }

    private static ContentDisposition disposition(String headers) {
        for (String line : headers.split("\r\n", -1)) {
            int colon = line.indexOf(':');
            if (colon > 0
                    && line.substring(0, colon).strip().equalsIgnoreCase("content-disposition")) {
                try {
                    return ContentDisposition.parse(line.substring(colon + 1).strip());
                } catch (IllegalArgumentException e) {
                    throw invalid("A part has a Content-Disposition that cannot be read");
                }
            }
        }
        throw invalid("A part has no Content-Disposition");
    }

    private static CallerException invalid(String details) {
        return CallerException.badRequest("Invalid request payload", details);
    }
}
