// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * What makes an answer of the agent's own that is too long to be made before it is sent, such as a
 * list of all nodes. It does not know whether one client gets it or several.
 */
@FunctionalInterface
public interface AnswerProducer {

    /** Prepares one answer; called on the outlet's event loop. */
    Production into(AnswerOutlet outlet);

    /**
     * Makes an answer for one client alone.
     *
     * @return ends when the answer is written. Errors with what the production failed with, as long
     *     as nothing was sent; later the client's connection is cut, so that half an answer never
     *     looks whole. Cancelling aborts the production.
     */
    default Mono<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        return ClientOutlet.answer(request, response, this);
    }

    /** An answer in the making; told everything on the outlet's event loop. */
    interface Production {

        /** Begins, once. */
        void start();

        /** The outlet takes bytes again. */
        void onWritable();

        /**
         * Nobody wants the answer any more; the outlet takes nothing from now on. This may happen
         * while something is being written to it.
         */
        void abort();
    }
}
