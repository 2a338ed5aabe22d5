// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.web;

import io.hostagent.core.concurrent.Hop;
import io.netty.channel.EventLoop;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** The event loop of a client's connection, on which every answer has to be written. */
public final class ConnectionLoop {

    private ConnectionLoop() {}

    /** Writes on the loop, whatever thread found out what; {@link LoopedResponse} tells why. */
    public static Mono<Void> write(EventLoop loop, Supplier<Mono<Void>> answer) {
        return Mono.defer(
                () -> loop.inEventLoop() ? answer.get() : Hop.onto(loop).then(Mono.defer(answer)));
    }
}
