// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.web;

import io.hostagent.core.relay.BodySource;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** What a stream has, as it comes. */
final class TarBody implements BodySource {

    private final InputStream stream;

    TarBody(InputStream stream) {
        this.stream = stream;
    }

    @Override
    public @Nullable ByteBuf next() throws IOException {
        ByteBuf piece = ByteBufAllocator.DEFAULT.directBuffer(PIECE, PIECE);
        try {
            while (piece.isWritable()) {
                if (piece.writeBytes(stream, piece.writableBytes()) < 0) {
                    break;
                }
            }
        } catch (IOException | RuntimeException e) {
            piece.release();
            throw e;
        }
        if (piece.isReadable()) {
            return piece;
        }
        piece.release();
        return null;
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
