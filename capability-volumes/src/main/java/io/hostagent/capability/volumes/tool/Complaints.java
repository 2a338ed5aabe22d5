// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.tool;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * What a program complains of, without the lines that are forgiven, of which there may be more than
 * anyone keeps.
 */
final class Complaints extends FilterInputStream {

    private final String forgiven;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private byte[] ready = new byte[0];
    private int next;
    private boolean over;
    private volatile boolean hasForgiven;

    /**
     * @param forgiven the end of lines that do not count
     */
    Complaints(InputStream source, String forgiven) {
        super(source);
        this.forgiven = forgiven;
    }

    /** Whether there was a line that does not count. */
    boolean hasForgiven() {
        return hasForgiven;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        while (next == ready.length) {
            if (over) {
                return -1;
            }
            fill();
        }
        int count = Math.min(length, ready.length - next);
        System.arraycopy(ready, next, bytes, offset, count);
        next += count;
        return count;
    }

    /** Takes what came, and keeps a line back until all of it is there. */
    private void fill() throws IOException {
        byte[] buffer = new byte[8192];
        int count = in.read(buffer);
        over = count < 0;
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            if (line.size() < CappedText.LIMIT || buffer[i] == '\n') {
                line.write(buffer[i]);
            }
            if (buffer[i] == '\n') {
                flushTo(kept);
            }
        }
        if (over) {
            flushTo(kept);
        }
        ready = kept.toByteArray();
        next = 0;
    }

    private void flushTo(ByteArrayOutputStream kept) {
        String text = line.toString(UTF_8).stripTrailing();
        if (text.endsWith(forgiven)) {
            hasForgiven |= line.size() > 0;
        } else {
            kept.writeBytes(line.toByteArray());
        }
        line.reset();
    }
}
