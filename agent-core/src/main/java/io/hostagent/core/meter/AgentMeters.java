// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.meter;

import io.netty.channel.Channel;
import java.util.function.IntSupplier;
import reactor.core.publisher.Mono;

/**
 * Told of what happens to the agent itself. It is called from event loops and must not block. As
 * long as nobody wants to know, {@link #NONE} is told, which does nothing.
 */
public interface AgentMeters {

    /** Counts nothing. */
    AgentMeters NONE = new AgentMeters() {};

    /** Why a merged list lacks a node. */
    enum MissingNode {
        /** It was not even asked: no agent of it answers. */
        ABSENT,
        /** It was asked, and did not answer or stopped in the middle. */
        UNREACHABLE,
        /** It sent something else than a list. */
        MALFORMED,
        /** It, or its engine, answered with an error. */
        REFUSED
    }

    /** A client has connected; the connection is open until the channel is closed. */
    default void connected(Channel channel) {}

    /**
     * A request came in.
     *
     * @param answer that it gets
     * @param status of the answer, asked when that is over
     * @return the same answer, watched to its end
     */
    default Mono<Void> request(Mono<Void> answer, IntSupplier status) {
        return answer;
    }

    /** A merged list went out without some nodes. */
    default void missing(MissingNode why, int nodes) {}
}
