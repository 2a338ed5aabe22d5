// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.files;

import io.hostagent.core.jail.Handle;
import io.hostagent.core.relay.BodySource;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/** A part of a file. */
final class FileContent implements BodySource {

    /** As long as there is something. */
    static final long TO_THE_END = -1;

    private final FileChannel channel;
    private long position;
    private long left;

    /**
     * Opens a plain file.
     *
     * @param from the first byte
     * @param length how many, or {@link #TO_THE_END} for files that the kernel makes as they are
     *     read, whose size is 0
     */
    FileContent(Handle file, long from, long length) throws IOException {
        channel = file.read();
        position = from;
        left = length;
    }

    @Override
    public @Nullable ByteBuf next() throws IOException {
        if (left == 0) {
            return null;
        }
        int wanted = left == TO_THE_END ? PIECE : (int) Math.min(left, PIECE);
        ByteBuf piece = ByteBufAllocator.DEFAULT.directBuffer(wanted, wanted);
        try {
            while (piece.isWritable()) {
                int count = piece.writeBytes(channel, position, piece.writableBytes());
                if (count < 0) {
                    break;
                }
                position += count;
            }
            return counted(piece);
        } catch (IOException | RuntimeException e) {
            piece.release();
            throw e;
        }
    }

    private @Nullable ByteBuf counted(ByteBuf piece) throws IOException {
        int count = piece.readableBytes();
        if (left != TO_THE_END) {
            if (piece.isWritable()) {
                throw new EOFException("the file became shorter while it was read");
            }
            left -= count;
        }
        if (count == 0) {
            piece.release();
            return null;
        }
        return piece;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
