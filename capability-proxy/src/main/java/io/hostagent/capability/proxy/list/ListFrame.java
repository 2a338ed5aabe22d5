// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.list;

import static java.nio.charset.StandardCharsets.UTF_8;

/** What stands around the elements of a merged list. */
final class ListFrame {

    /** Of all nodes together, in bytes; those of a node that do not fit any more are left out. */
    private static final int LARGEST_WARNINGS = 128 * 1024;

    private static final byte[] COMMA = {','};

    private final ListShape shape;
    private final BoundedBytes warnings = new BoundedBytes(LARGEST_WARNINGS);

    ListFrame(ListShape shape) {
        this.shape = shape;
    }

    /** What comes before the first element. */
    byte[] start() {
        return switch (shape) {
            case ARRAY -> bytes("[");
            case VOLUMES -> bytes("{\"Volumes\":[");
        };
    }

    /** Adds a node's warnings: texts with commas between them, or nothing. */
    void warn(byte[] texts) {
        if (texts.length == 0) {
            return;
        }
        int before = warnings.size();
        boolean fits =
                (before == 0 || warnings.append(COMMA, 0, COMMA.length))
                        && warnings.append(texts, 0, texts.length);
        if (!fits) {
            warnings.cut(before);
        }
    }

    /** What comes after the last element. */
    byte[] end() {
        return switch (shape) {
            case ARRAY -> bytes("]\n");
            case VOLUMES -> {
                String texts = new String(warnings.copy(), UTF_8);
                yield bytes(
                        "],\"Warnings\":" + (texts.isEmpty() ? "null" : "[" + texts + "]") + "}\n");
            }
        };
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
