// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.web;

import reactor.core.publisher.Mono;

/**
 * Answers some of the agent's own paths on the connection itself, because they stop speaking HTTP;
 * all others go to the router functions. It runs on the event loop of the client's connection and
 * must not block. The paths are also in the descriptor of the capability that has the route.
 */
public interface StreamRoute {

    /** Whether a path of the agent's own is answered here. */
    boolean covers(RequestPath path);

    /**
     * Answers a request that is authenticated and allowed.
     *
     * @return as {@link CatchAll#handle} does; not at all when the connection became a stream
     */
    Mono<Void> handle(Exchange exchange);
}
