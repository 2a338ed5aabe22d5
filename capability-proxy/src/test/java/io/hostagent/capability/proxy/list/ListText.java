// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.list;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;

/** What a {@link ListScanner} makes of a text. */
record ListText(String elements, String warnings) {

    /** Cuts the text before each of these indices. */
    static ListText scan(ListShape shape, String nodeName, byte[] text, int... cuts) {
        HeldPages pages = new HeldPages();
        try {
            ListScanner scanner = new ListScanner(shape, nodeName, pages);
            int from = 0;
            for (int cut : cuts) {
                scanner.read(text, from, cut);
                from = cut;
            }
            scanner.read(text, from, text.length);
            scanner.end();
            return new ListText(drain(pages), new String(scanner.warnings(), UTF_8));
        } finally {
            pages.release();
        }
    }

    private static String drain(HeldPages pages) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (!pages.isEmpty()) {
            var page = pages.take();
            byte[] copy = new byte[page.readableBytes()];
            page.readBytes(copy).release();
            bytes.writeBytes(copy);
        }
        return bytes.toString(UTF_8);
    }

    /** The elements as an array. */
    String array() {
        return "[" + (elements.isEmpty() ? "" : elements.substring(1)) + "]";
    }
}
