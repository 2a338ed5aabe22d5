// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.text;

import io.hostagent.core.relay.BodySource;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/** A text as it is. */
final class PlainBody implements BodySource {

    /** A line that begins in a piece ends in it. */
    private static final int LINE = 2 * 1024;

    private final SampleText text;
    private final TextBuffer buffer = new TextBuffer(Exposition.PIECE + LINE);

    PlainBody(SampleText text) {
        this.text = text;
    }

    @Override
    public @Nullable ByteBuf next() {
        buffer.clear();
        if (!text.writeOn(buffer, Exposition.PIECE)) {
            return null;
        }
        return ByteBufAllocator.DEFAULT
                .directBuffer(buffer.length(), buffer.length())
                .writeBytes(buffer.bytes(), 0, buffer.length());
    }

    @Override
    public void close() {
        // It holds nothing that the collector would not find.
    }
}
