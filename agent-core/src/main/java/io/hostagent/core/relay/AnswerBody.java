// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer in one piece of direct memory, which grows up to a limit and is accounted
 * for, with what it has spare. It has one owner at a time.
 */
final class AnswerBody {

    private final ByteBuf memory;
    private final HeldBytes held;
    private final int limit;

    private AnswerBody(ByteBuf memory, HeldBytes held, int limit) {
        this.memory = memory;
        this.held = held;
        this.limit = limit;
    }

    /**
     * Takes memory for a body.
     *
     * @param capacity bytes that it will have, as far as is known
     * @param limit bytes that it may have
     * @return {@code null} when that is too much, or all answers together hold too much already
     */
    static @Nullable AnswerBody of(
            ByteBufAllocator allocator, long capacity, int limit, HeldBytes held) {
        if (capacity > limit || !held.take(capacity)) {
            return null;
        }
        return new AnswerBody(allocator.directBuffer((int) capacity, limit), held, limit);
    }

    /**
     * Copies a piece to the end and releases it: a small piece may keep a large read buffer alive,
     * which nobody counts.
     *
     * @return whether there was room for it
     */
    boolean append(ByteBuf piece) {
        try {
            int count = piece.readableBytes();
            if (count > limit - memory.writerIndex() || !grow(memory.writerIndex() + count)) {
                return false;
            }
            memory.writeBytes(piece);
            return true;
        } finally {
            piece.release();
        }
    }

    private boolean grow(int size) {
        int now = memory.capacity();
        if (size <= now) {
            return true;
        }
        int wanted = memory.alloc().calculateNewCapacity(size, limit);
        if (!held.take(wanted - now)) {
            return false;
        }
        memory.capacity(wanted);
        return true;
    }

    ByteBuf memory() {
        return memory;
    }

    void release() {
        held.give(memory.capacity());
        memory.release();
    }
}
