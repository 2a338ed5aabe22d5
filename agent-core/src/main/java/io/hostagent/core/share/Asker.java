// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.share;

import java.util.concurrent.ScheduledExecutorService;

/**
 * One request that may share its answer. Of {@code alone}, {@code accept} and {@code fail} one is
 * called, once, on any thread; none of them may block or throw.
 *
 * @param <A> the answer
 */
public interface Asker<A> {

    /** Where a timer on its behalf runs: the event loop of its client. */
    ScheduledExecutorService timers();

    /** What produces the answer for a group that this request is the first of. */
    AnswerSource<A> source();

    /**
     * It gets an answer of its own and shares it with nobody.
     *
     * @param ended to be run when the call for it is over, however it ended
     */
    void alone(Runnable ended);

    /** It gets this answer, of which it owns one reference. */
    void accept(A answer);

    /** There is no answer. */
    void fail(RuntimeException cause);
}
