// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.files;

import io.hostagent.core.relay.BodySource;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** A body that is there already. */
final class OnePiece implements BodySource {

    private @Nullable ByteBuf piece;

    OnePiece(ByteBuf piece) {
        this.piece = piece;
    }

    @Override
    public @Nullable ByteBuf next() {
        ByteBuf taken = piece;
        piece = null;
        return taken;
    }

    @Override
    public void close() {
        if (piece != null) {
            piece.release();
            piece = null;
        }
    }
}
