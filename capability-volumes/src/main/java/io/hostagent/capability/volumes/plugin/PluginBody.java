// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.plugin;

import io.hostagent.core.error.CallerException;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;

/** The body of a request while it comes. Of a large one, no more is kept than what is allowed. */
final class PluginBody {

    /** An engine sends a few hundred bytes. */
    static final int MOST = 64 * 1024;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    private boolean tooLarge;

    /** Takes what has come; the buffer stays its owner's. */
    void add(ByteBuf piece) {
        int count = piece.readableBytes();
        if (tooLarge || bytes.size() + count > MOST) {
            tooLarge = true;
            bytes.reset();
            return;
        }
        byte[] copy = new byte[count];
        piece.getBytes(piece.readerIndex(), copy);
        bytes.writeBytes(copy);
    }

    /**
     * All of it.
     *
     * @throws CallerException 400 when it was too large
     */
    byte[] bytes() {
        if (tooLarge) {
            throw CallerException.badRequest(
                    "The request is larger than " + MOST + " bytes", "Nothing was changed");
        }
        return bytes.toByteArray();
    }
}
