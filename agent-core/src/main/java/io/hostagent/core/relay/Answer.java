// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.AbstractReferenceCounted;
import io.netty.util.ReferenceCounted;
import java.nio.ByteBuffer;

/**
 * A whole answer in memory, for several clients on several event loops. Nothing of it changes any
 * more. Its memory goes back when the last reference is released, which each body that was given
 * out is one of.
 */
final class Answer extends AbstractReferenceCounted {

    private final HttpResponse head;
    private final AnswerBody body;
    private final ByteBuffer bytes;

    /** Puts an answer together; its body is the answer's from now on. */
    Answer(HttpResponse head, AnswerBody body) {
        this.head = head;
        this.body = body;
        this.bytes = body.memory().nioBuffer();
    }

    HttpResponse head() {
        return head;
    }

    /**
     * The body for one client; the caller releases it, on any thread.
     *
     * <p>It is no duplicate of Netty's: those share one internal NIO buffer with their origin,
     * which TLS and the socket use to read, and two event loops would move its position at once.
     */
    ByteBuf body() {
        retain();
        return new View(bytes.duplicate());
    }

    @Override
    protected void deallocate() {
        body.release();
    }

    @Override
    public ReferenceCounted touch(Object hint) {
        body.memory().touch(hint);
        return this;
    }

    /** The same memory with positions of its own. */
    private final class View extends UnpooledDirectByteBuf {

        View(ByteBuffer bytes) {
            super(UnpooledByteBufAllocator.DEFAULT, bytes, bytes.remaining());
        }

        @Override
        protected void deallocate() {
            super.deallocate();
            Answer.this.release();
        }
    }
}
