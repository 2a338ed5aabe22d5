// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.web;

import java.util.List;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/**
 * Answers some of the agent's own paths on the connection itself, because they stop speaking HTTP,
 * carry much, or may be another node's to answer; all others go to the router functions. It runs on
 * the event loop of the client's connection and must not block. The paths are also in the
 * descriptor of the capability that has the route.
 */
public interface StreamRoute {

    /** Whether a path of the agent's own is answered here. */
    boolean covers(RequestPath path);

    /** The calls that it answers itself. */
    List<ApiCall> calls();

    /**
     * Answers a request that is authenticated and allowed.
     *
     * @param own what the router functions answer, for those that leave it to them
     * @return as {@link CatchAll#handle} does; not at all when the connection became a stream
     */
    Mono<Void> handle(Exchange exchange, Supplier<Mono<Void>> own);
}
