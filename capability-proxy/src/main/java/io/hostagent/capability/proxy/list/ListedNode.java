// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.list;

import io.hostagent.core.relay.Upstream;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/**
 * A node whose list is part of a merged one.
 *
 * @param nodeName what its elements are decorated with, and its place in the list
 * @param upstream who is asked: the agent on that node, or the engine on this one
 * @param target path and query as they go on the wire
 * @param headers of the request, all of them
 * @param alive whether the agent there answers at all; asked when it is silent for long, and better
 *     quick about it. An error, or no answer within a second, counts as a no
 */
public record ListedNode(
        String nodeName,
        Upstream upstream,
        String target,
        HttpHeaders headers,
        Supplier<Mono<Boolean>> alive) {}
