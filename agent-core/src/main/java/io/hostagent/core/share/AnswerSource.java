// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.share;

/**
 * What produces an answer for several askers: a call to a server, or a list that is put together
 * from several.
 *
 * @param <A> the answer
 */
@FunctionalInterface
public interface AnswerSource<A> {

    /**
     * Starts to produce one answer; called on any thread.
     *
     * @param outcome told once, on any thread, at once or later
     * @return gives the production up when nobody wants the answer any more; may be run on any
     *     thread, at any time, also when everything is over
     */
    Runnable start(Outcome<A> outcome);

    /** How it went. */
    interface Outcome<A> {

        /** The answer, of which the receiver owns one reference. */
        void answered(A answer);

        /** An answer is there, but more than may be held in memory: each asker gets its own. */
        void tooLarge();

        /** There is none, and each asker alone would have met the same. */
        void failed(RuntimeException cause);
    }
}
