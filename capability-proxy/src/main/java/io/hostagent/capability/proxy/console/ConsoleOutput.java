// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.console;

import java.nio.ByteBuffer;

/**
 * Makes of an engine's raw stream the text that a console shows: without the engine's framing when
 * the process has no terminal, and cut only between characters.
 */
final class ConsoleOutput {

    private final boolean terminal;
    private final Demultiplexer frames = new Demultiplexer();
    private final Utf8Text out = new Utf8Text();
    private final Utf8Text err = new Utf8Text();

    /** Makes the output of a process with or without a terminal. */
    ConsoleOutput(boolean terminal) {
        this.terminal = terminal;
    }

    /** The text of the next bytes; empty when they complete no character. */
    CharSequence next(ByteBuffer bytes) {
        StringBuilder text = new StringBuilder(bytes.remaining());
        if (terminal) {
            out.decode(bytes, text);
        } else {
            frames.read(bytes, (error, piece) -> (error ? err : out).decode(piece, text));
        }
        return text;
    }

    /** The text of what was left when the stream ended. */
    CharSequence end() {
        StringBuilder text = new StringBuilder();
        out.end(text);
        err.end(text);
        return text;
    }
}
