// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.text;

import java.util.Arrays;

/** Bytes of a text that is being written. It grows where one line needs it, and is used again. */
final class TextBuffer {

    private byte[] bytes;
    private int length;

    TextBuffer(int size) {
        bytes = new byte[size];
    }

    void clear() {
        length = 0;
    }

    int length() {
        return length;
    }

    /** What was written, from index 0 on. */
    byte[] bytes() {
        return bytes;
    }

    TextBuffer append(byte[] text) {
        room(text.length);
        System.arraycopy(text, 0, bytes, length, text.length);
        length += text.length;
        return this;
    }

    TextBuffer append(char ascii) {
        room(1);
        bytes[length++] = (byte) ascii;
        return this;
    }

    TextBuffer append(double number) {
        room(NumberText.LONGEST);
        length = NumberText.write(number, bytes, length);
        return this;
    }

    private void room(int count) {
        if (bytes.length - length < count) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
        }
    }
}
