// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/**
 * Writes a client's request body to the upstream connection, one piece at a time, and asks for more
 * only while that connection takes it. Confined to the connection's event loop.
 */
final class RequestBody extends BaseSubscriber<ByteBuf> {

    private final Channel upstream;
    private final Runnable sent;
    private final Runnable failed;
    private boolean waiting;

    RequestBody(Channel upstream, Runnable sent, Runnable failed) {
        this.upstream = upstream;
        this.sent = sent;
        this.failed = failed;
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        request(1);
    }

    @Override
    protected void hookOnNext(ByteBuf data) {
        upstream.writeAndFlush(new DefaultHttpContent(data.retain()));
        if (upstream.isWritable()) {
            request(1);
        } else {
            waiting = true;
        }
    }

    /** The upstream connection takes bytes again. */
    void onWritable() {
        if (waiting) {
            waiting = false;
            request(1);
        }
    }

    @Override
    protected void hookOnComplete() {
        upstream.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
        sent.run();
    }

    @Override
    protected void hookOnError(Throwable cause) {
        failed.run();
    }
}
