// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;

/**
 * Where an {@link AnswerProducer} puts its answer: the head, the body in pieces, the end. Confined
 * to its event loop.
 */
public interface AnswerOutlet {

    /** The event loop on which it is used, and on which a production does all that it does. */
    EventLoop loop();

    /**
     * Starts the answer.
     *
     * @param head status and end-to-end headers; with {@code Content-Length} if that is known
     * @param late names of headers that may follow with the end
     */
    void head(HttpResponse head, String... late);

    /**
     * Whether headers that follow with the end reach the client: as trailers, which not every
     * client can get, or with a head that was not sent yet.
     */
    boolean takesLateHeaders();

    /**
     * Whether it wants more now. What is written in spite of it waits in memory; {@link
     * AnswerProducer.Production#onWritable} tells when it wants more.
     */
    boolean isWritable();

    /** Takes a piece of the body over, which is not empty. */
    void write(ByteBuf piece);

    /** Sends what was written. The end does it, too. */
    void flush();

    /**
     * Ends the answer.
     *
     * @param late some of the headers that were announced, or none
     */
    void end(HttpHeaders late);

    /**
     * Ends an answer that cannot be given, or no further: clients are told by an error before the
     * head, and afterwards by a connection that is cut.
     */
    void fail(RuntimeException cause);
}
