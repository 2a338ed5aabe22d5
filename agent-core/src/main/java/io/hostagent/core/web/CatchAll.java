// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.web;

import reactor.core.publisher.Mono;

/**
 * Answers every request whose path is not the agent's own. There is at most one: the proxy. It runs
 * on the event loop of the client's connection and must not block.
 */
@FunctionalInterface
public interface CatchAll {

    /**
     * Answers a request that is authenticated and allowed.
     *
     * @return ends when the response is written; an {@link io.hostagent.core.error.AgentException}
     *     becomes an error answer if nothing of a response was sent before
     */
    Mono<Void> handle(Exchange exchange);
}
