// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;

/**
 * Makes text of bytes that come in arbitrary pieces. A character that is not complete waits for the
 * next piece; what can be no character becomes U+FFFD, as a terminal would show it.
 */
final class Utf8Text {

    private static final int LONGEST_CHARACTER = 4;

    private final CharsetDecoder decoder =
            UTF_8.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPLACE)
                    .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private final ByteBuffer tail = ByteBuffer.allocate(LONGEST_CHARACTER).flip();
    private final CharBuffer scratch = CharBuffer.allocate(4096);

    /** Appends the text of a piece. */
    void decode(ByteBuffer piece, StringBuilder text) {
        while (tail.hasRemaining() && piece.hasRemaining()) {
            tail.compact();
            tail.put(piece.get());
            tail.flip();
            decode(tail, text, false);
        }
        if (!tail.hasRemaining()) {
            decode(piece, text, false);
            tail.clear();
            tail.put(piece);
            tail.flip();
        }
    }

    /** Appends what is left of a character whose rest never came. */
    void end(StringBuilder text) {
        decode(tail, text, true);
        decoder.reset();
    }

    private void decode(ByteBuffer bytes, StringBuilder text, boolean last) {
        boolean full;
        do {
            full = decoder.decode(bytes, scratch, last).isOverflow();
            text.append(scratch.flip());
            scratch.clear();
        } while (full);
    }
}
