// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpMethod;
import reactor.core.publisher.MonoSink;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Writes a shared answer to one client, as a relay would have, and no faster than the client takes
 * it: what TLS makes of it is memory of this client alone. Confined to the client's event loop.
 */
final class AnswerWriter {

    /** Bytes written at once: less than what the channel takes before it asks for a pause. */
    private static final int PIECE = 64 * 1024;

    private final Channel client;
    private final ClientValve valve;
    private final ByteBuf body;
    private final MonoSink<Void> sink;
    private boolean writing;
    private boolean done;

    private AnswerWriter(Channel client, ByteBuf body, MonoSink<Void> sink) {
        this.client = client;
        this.valve = ClientValve.of(client);
        this.body = body;
        this.sink = sink;
    }

    /**
     * Starts to write; the caller keeps its reference to the answer.
     *
     * @throws IllegalArgumentException for a head that no client may get; then nothing was written
     */
    static AnswerWriter start(
            Answer answer,
            HttpServerRequest request,
            HttpServerResponse response,
            Channel client,
            MonoSink<Void> sink) {
        ResponseHead.apply(answer.head(), request, response);
        AnswerWriter writer = new AnswerWriter(client, answer.body(), sink);
        if (ResponseHead.bodiless(HttpMethod.GET, answer.head())) {
            // Reactor Netty sends and flushes it whole when it ends.
            writer.end();
        } else {
            writer.valve.onWritable(writer::proceed);
            writer.valve.withoutFlush(
                    () -> response.then().subscribe(null, failed -> writer.abort()));
            writer.proceed();
        }
        return writer;
    }

    /** The client is gone. */
    void abort() {
        if (!done) {
            finish();
        }
    }

    private void proceed() {
        if (writing) {
            // A flush makes the channel writable again, and says so, in the middle of the loop.
            return;
        }
        writing = true;
        while (!done && body.isReadable() && client.isWritable()) {
            int count = Math.min(PIECE, body.readableBytes());
            client.write(new DefaultHttpContent(body.readRetainedSlice(count)));
            if (!client.isWritable()) {
                client.flush();
            }
        }
        writing = false;
        if (!done && !body.isReadable()) {
            end();
        }
    }

    private void end() {
        finish();
        sink.success();
    }

    private void finish() {
        done = true;
        valve.onWritable(null);
        body.release();
    }
}
