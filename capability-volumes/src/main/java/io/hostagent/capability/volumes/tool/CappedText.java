// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.tool;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * What a program writes, read by a thread of its own so that the program never waits for a reader.
 * The beginning is kept and the rest thrown away.
 */
final class CappedText {

    static final int LIMIT = 64 * 1024;

    /** For what a program has started and left behind with its output. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final Thread reader;
    private final InputStream source;

    CappedText(InputStream source) {
        this.source = source;
        reader = Thread.ofVirtual().name("agent-tool-output").start(this::read);
    }

    private void read() {
        byte[] buffer = new byte[8192];
        try (source) {
            for (int count = source.read(buffer); count >= 0; count = source.read(buffer)) {
                keep(buffer, count);
            }
        } catch (IOException _) {
            // The program was ended; what it wrote until then is here.
        }
    }

    private synchronized void keep(byte[] buffer, int count) {
        kept.write(buffer, 0, Math.min(count, LIMIT - kept.size()));
    }

    /** All of it that is kept, when the program has ended. */
    String text() throws InterruptedException {
        reader.join(LAST_WORDS);
        synchronized (this) {
            return kept.toString(UTF_8);
        }
    }
}
