// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import io.hostagent.core.share.AnswerSource;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import org.jspecify.annotations.Nullable;

/** Memory in which an answer is put together for several clients, up to a bound. */
final class HeldOutlet implements AnswerOutlet {

    /** Room for a small list, in bytes; a larger one doubles it as it comes. */
    private static final int FIRST_CAPACITY = 16 * 1024;

    private final EventLoop loop;
    private final int limit;
    private final HeldBytes held;
    private final AnswerSource.Outcome<Answer> outcome;

    private AnswerProducer.@Nullable Production production;
    private @Nullable HttpResponse head;
    private @Nullable AnswerBody body;
    private boolean done;

    private HeldOutlet(
            EventLoop loop, int limit, HeldBytes held, AnswerSource.Outcome<Answer> outcome) {
        this.loop = loop;
        this.limit = limit;
        this.held = held;
        this.outcome = outcome;
    }

    /**
     * What has an answer made, on an event loop.
     *
     * @param limit what its body may have, in bytes
     * @param held where its memory is accounted for
     */
    static AnswerSource<Answer> source(
            EventLoop loop, AnswerProducer producer, int limit, HeldBytes held) {
        return outcome -> {
            HeldOutlet outlet = new HeldOutlet(loop, limit, held, outcome);
            outlet.onLoop(() -> outlet.start(producer));
            return () -> outlet.onLoop(outlet::giveUp);
        };
    }

    private void onLoop(Runnable step) {
        if (loop.inEventLoop()) {
            step.run();
        } else {
            loop.execute(step);
        }
    }

    private void start(AnswerProducer producer) {
        if (!done) {
            production = producer.into(this);
            production.start();
        }
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public void head(HttpResponse response, String... late) {
        if (done) {
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
    public boolean takesLateHeaders() {
        return true;
    }

    @Override
    public boolean isWritable() {
        return true;
    }

    @Override
    public void write(ByteBuf piece) {
        AnswerBody collected = body;
        if (collected == null) {
            piece.release();
        } else if (!collected.append(piece)) {
            giveUp();
            outcome.tooLarge();
        }
    }

    @Override
    public void flush() {
        // It is handed on as a whole.
    }

    @Override
    public void end(HttpHeaders late) {
        HttpResponse found = head;
        AnswerBody collected = body;
        if (done || found == null || collected == null) {
            return;
        }
        done = true;
        production = null;
        body = null;
        late.forEach(header -> add(found.headers(), header.getKey(), header.getValue()));
        HttpUtil.setContentLength(found, collected.memory().readableBytes());
        outcome.answered(new Answer(found, collected));
    }

    /** As one line (RFC 9110 §5.3): many clients read the first one only. */
    private static void add(HttpHeaders headers, String name, String value) {
        String before = headers.get(name);
        headers.set(name, before == null ? value : before + ", " + value);
    }

    @Override
    public void fail(RuntimeException cause) {
        if (!done) {
            // It has ended itself.
            production = null;
            giveUp();
            outcome.failed(cause);
        }
    }

    private void giveUp() {
        AnswerProducer.Production running = production;
        AnswerBody collected = body;
        done = true;
        production = null;
        body = null;
        if (collected != null) {
            collected.release();
        }
        if (running != null) {
            running.abort();
        }
    }
}
