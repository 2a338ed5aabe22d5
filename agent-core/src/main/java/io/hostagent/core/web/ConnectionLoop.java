// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.web;

import io.hostagent.core.concurrent.Hop;
import io.netty.channel.EventLoop;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

/** The event loop of a client's connection, on which every answer has to be written. */
public final class ConnectionLoop {

    private ConnectionLoop() {}

    /** Runs tasks on the loop, at once when it is called there. */
    static Executor of(HttpServerResponse response) {
        return task ->
                response.withConnection(
                        connection -> {
                            EventLoop loop = connection.channel().eventLoop();
                            if (loop.inEventLoop()) {
                                task.run();
                            } else {
                                loop.execute(task);
                            }
                        });
    }

    /** Writes on the loop, whatever thread found out what; {@link LoopedResponse} tells why. */
    public static Mono<Void> write(HttpServerResponse response, Supplier<Mono<Void>> answer) {
        return Hop.onto(of(response)).then(Mono.defer(answer));
    }
}
