// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.web;

import io.netty.channel.EventLoop;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import reactor.core.publisher.Mono;

/**
 * Writes on the event loop of the connection, whatever thread the answer comes from. From any other
 * thread Reactor Netty (1.3.7) learns late that it has written the end: a client may have sent its
 * next request by then, which is put aside, and when that one is answered at once the connection is
 * never read again.
 */
final class LoopedResponse extends ServerHttpResponseDecorator {

    private final EventLoop loop;

    LoopedResponse(ServerHttpResponse response, EventLoop loop) {
        super(response);
        this.loop = loop;
    }

    @Override
    public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
        return onLoop(() -> super.writeWith(body));
    }

    @Override
    public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
        return onLoop(() -> super.writeAndFlushWith(body));
    }

    @Override
    public Mono<Void> setComplete() {
        return isCommitted() ? super.setComplete() : onLoop(super::setComplete);
    }

    private Mono<Void> onLoop(Supplier<Mono<Void>> write) {
        return ConnectionLoop.write(loop, write);
    }
}
