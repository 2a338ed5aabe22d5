// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.share;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** An asker that writes down what happens to it, and a source that a test controls. */
final class TestAsker implements Asker<ByteBuf> {

    /** A call for a group, as its source sees it. */
    static final class Call {

        final AnswerSource.Outcome<ByteBuf> outcome;
        boolean aborted;

        Call(AnswerSource.Outcome<ByteBuf> outcome) {
            this.outcome = outcome;
        }
    }

    private final EmbeddedChannel clock;
    private final List<Call> calls;
    final List<ByteBuf> accepted = new ArrayList<>();
    @Nullable Runnable endOfOwnCall;
    @Nullable RuntimeException failure;

    /**
     * Makes an asker.
     *
     * @param clock whose event loop has the timers
     * @param calls gets every call that a source is asked for
     */
    TestAsker(EmbeddedChannel clock, List<Call> calls) {
        this.clock = clock;
        this.calls = calls;
    }

    boolean isAlone() {
        return endOfOwnCall != null;
    }

    boolean isUntold() {
        return endOfOwnCall == null && accepted.isEmpty() && failure == null;
    }

    void endOwnCall() {
        if (endOfOwnCall == null) {
            throw new IllegalStateException("It has no call of its own");
        }
        endOfOwnCall.run();
    }

    @Override
    public ScheduledExecutorService timers() {
        return clock.eventLoop();
    }

    @Override
    public AnswerSource<ByteBuf> source() {
        return outcome -> {
            Call call = new Call(outcome);
            calls.add(call);
            return () -> call.aborted = true;
        };
    }

    @Override
    public void alone(Runnable ended) {
        endOfOwnCall = ended;
    }

    @Override
    public void accept(ByteBuf answer) {
        accepted.add(answer);
    }

    @Override
    public void fail(RuntimeException cause) {
        failure = cause;
    }
}
