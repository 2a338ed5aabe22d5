// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.text;

import io.hostagent.core.relay.BodySource;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** A text compressed with gzip, RFC 1952. */
final class GzipBody implements BodySource {

    /** Deflated, no name, no time, by the fastest way, of an unknown system. */
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 4, (byte) 0xff};

    private static final int TRAILER = 8;

    private final SampleText text;
    private final TextBuffer buffer = new TextBuffer(2 * TextDeflater.INPUT);
    private final TextDeflater deflater = new TextDeflater();
    private final CRC32 check = new CRC32();

    /** How much of the buffer is compressed. */
    private int done;

    private long length;
    private boolean begun;
    private boolean over;

    GzipBody(SampleText text) {
        this.text = text;
    }

    @Override
    public @Nullable ByteBuf next() {
        if (over) {
            return null;
        }
        ByteBuf piece = ByteBufAllocator.DEFAULT.directBuffer(Exposition.PIECE, Exposition.PIECE);
        try {
            if (!begun) {
                piece.writeBytes(HEADER);
                deflater.begin();
                begun = true;
            }
            while (!over && piece.writableBytes() >= TextDeflater.OUTPUT + TRAILER) {
                compress(piece);
            }
            return piece;
        } catch (RuntimeException defect) {
            piece.release();
            throw defect;
        }
    }

    private void compress(ByteBuf piece) {
        boolean more = done < buffer.length() || feed();
        if (more) {
            // A line, and so what is in the buffer, may be of any length.
            int count = Math.min(buffer.length() - done, TextDeflater.INPUT);
            deflater.write(buffer.bytes(), done, count);
            done += count;
        } else {
            deflater.end();
        }
        piece.writeBytes(deflater.output(), 0, deflater.length());
        deflater.clear();
        if (!more) {
            piece.writeIntLE((int) check.getValue()).writeIntLE((int) length);
            over = true;
        }
    }

    private boolean feed() {
        buffer.clear();
        done = 0;
        if (!text.writeOn(buffer, TextDeflater.INPUT)) {
            return false;
        }
        check.update(buffer.bytes(), 0, buffer.length());
        length += buffer.length();
        return true;
    }

    @Override
    public void close() {
        // All that it has is on the heap.
    }
}
