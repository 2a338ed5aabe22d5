// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.EmptyHttpHeaders;

/**
 * Writes a shared answer to one client, and no faster than the client takes it: what TLS makes of
 * it is memory of this client alone. Confined to the client's event loop.
 */
final class AnswerWriter implements AnswerProducer.Production {

    /** Bytes written at once: less than what the channel takes before it asks for a pause. */
    private static final int PIECE = 64 * 1024;

    private final Answer answer;
    private final ByteBuf body;
    private final AnswerOutlet client;

    /** Takes no reference to the answer but one to its body. */
    AnswerWriter(Answer answer, AnswerOutlet client) {
        this.answer = answer;
        this.body = answer.body();
        this.client = client;
    }

    /**
     * Starts to write.
     *
     * @throws IllegalArgumentException for a head that no client may get; then nothing was written
     */
    @Override
    public void start() {
        try {
            client.head(answer.head());
        } catch (IllegalArgumentException e) {
            body.release();
            throw e;
        }
        onWritable();
    }

    @Override
    public void onWritable() {
        while (body.isReadable() && client.isWritable()) {
            int count = Math.min(PIECE, body.readableBytes());
            client.write(body.readRetainedSlice(count));
        }
        if (!body.isReadable()) {
            body.release();
            client.end(EmptyHttpHeaders.INSTANCE);
        }
    }

    @Override
    public void abort() {
        body.release();
    }
}
