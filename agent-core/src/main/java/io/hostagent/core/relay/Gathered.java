// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import java.util.ArrayList;
import java.util.List;

/** Pieces of a body that are sent on as one. Not safe for use by several threads. */
final class Gathered {

    /** What one read of a fast stream brings; more would only wait. */
    private static final int FULL_BYTES = 1 << 18;

    private static final int FULL_PIECES = 64;

    private final List<ByteBuf> pieces = new ArrayList<>();
    private int bytes;

    /** Takes a piece over. */
    void add(ByteBuf piece) {
        pieces.add(piece);
        bytes += piece.readableBytes();
    }

    int bytes() {
        return bytes;
    }

    boolean full() {
        return bytes >= FULL_BYTES || pieces.size() >= FULL_PIECES;
    }

    /** All pieces as one buffer, which is the caller's, uncopied; there must be one at least. */
    ByteBuf take(ByteBufAllocator allocator) {
        ByteBuf all;
        if (pieces.size() == 1) {
            all = pieces.getFirst();
        } else {
            CompositeByteBuf composite = allocator.compositeBuffer(pieces.size());
            composite.addComponents(true, pieces);
            all = composite;
        }
        pieces.clear();
        bytes = 0;
        return all;
    }

    /** Gives up what was not taken. */
    void release() {
        pieces.forEach(ByteBuf::release);
        pieces.clear();
        bytes = 0;
    }
}
