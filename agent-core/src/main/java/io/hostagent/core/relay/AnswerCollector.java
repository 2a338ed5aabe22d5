// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import io.hostagent.core.share.AnswerSource;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import org.jspecify.annotations.Nullable;

/**
 * One request without a body, whose answer is collected in memory up to a bound. Confined to its
 * event loop, but for {@link #start}.
 */
final class AnswerCollector implements UpstreamExchange {

    /** Room for a small list, in bytes; a larger one doubles it as it comes. */
    private static final int FIRST_CAPACITY = 16 * 1024;

    private final EventLoop loop;
    private final Upstream upstream;
    private final Relay.Outgoing outgoing;
    private final int limit;
    private final HeldBytes held;
    private final AnswerSource.Outcome<Answer> outcome;

    private @Nullable UpstreamConnection connection;
    private @Nullable HttpResponse head;
    private @Nullable AnswerBody body;
    private boolean done;

    private AnswerCollector(
            EventLoop loop,
            Upstream upstream,
            Relay.Outgoing outgoing,
            int limit,
            HeldBytes held,
            AnswerSource.Outcome<Answer> outcome) {
        this.loop = loop;
        this.upstream = upstream;
        this.outgoing = outgoing;
        this.limit = limit;
        this.held = held;
        this.outcome = outcome;
    }

    /**
     * What asks an upstream server, on an event loop.
     *
     * @param limit what the body of the answer may have, in bytes
     * @param held where its memory is accounted for
     */
    static AnswerSource<Answer> source(
            EventLoop loop, Upstream upstream, Relay.Outgoing outgoing, int limit, HeldBytes held) {
        return outcome -> {
            AnswerCollector collector =
                    new AnswerCollector(loop, upstream, outgoing, limit, held, outcome);
            collector.onLoop(collector::start);
            return () -> collector.onLoop(collector::abort);
        };
    }

    private void onLoop(Runnable step) {
        if (loop.inEventLoop()) {
            step.run();
        } else {
            loop.execute(step);
        }
    }

    private void start() {
        if (!done) {
            upstream.connect(loop, this);
        }
    }

    private void abort() {
        if (!done) {
            giveUp();
        }
    }

    @Override
    public void onConnectFailed(UpstreamUnreachableException cause) {
        if (!done) {
            done = true;
            outcome.failed(cause);
        }
    }

    @Override
    public void onConnected(UpstreamConnection connected) {
        if (done) {
            connected.end(true);
            return;
        }
        connection = connected;
        connected
                .channel()
                .writeAndFlush(
                        WholeRequest.of(outgoing.method(), outgoing.target(), outgoing.headers()));
    }

    @Override
    public void onHead(HttpResponse response) {
        if (response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
            giveUp();
            outcome.failed(
                    new UpstreamFailedException(
                            upstream.name(),
                            new IllegalStateException("switched protocols unasked")));
            return;
        }
        head = response;
        long length = HttpUtil.getContentLength(response, (long) FIRST_CAPACITY);
        body = AnswerBody.of(ByteBufAllocator.DEFAULT, Math.max(1, length), limit, held);
        if (body == null) {
            giveUp();
            outcome.tooLarge();
        }
    }

    @Override
    public void onBody(ByteBuf data) {
        AnswerBody collected = body;
        if (done || collected == null) {
            data.release();
        } else if (!collected.append(data)) {
            giveUp();
            outcome.tooLarge();
        }
    }

    @Override
    public void onEnd(HttpHeaders trailers) {
        HttpResponse found = head;
        AnswerBody collected = body;
        if (done || found == null || collected == null) {
            return;
        }
        done = true;
        body = null;
        if (connection != null) {
            connection.end(true);
        }
        outcome.answered(new Answer(found, collected));
    }

    @Override
    public void onFailure(UpstreamFailedException cause) {
        if (!done) {
            giveUp();
            outcome.failed(cause);
        }
    }

    /** Ends this call and its connection, whose answer nobody reads to its end. */
    private void giveUp() {
        done = true;
        AnswerBody collected = body;
        body = null;
        if (collected != null) {
            collected.release();
        }
        if (connection != null) {
            connection.close();
        }
    }
}
