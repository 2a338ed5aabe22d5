// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.mock.http.server.reactive.MockServerHttpResponse;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class LoopedResponseTests {

    private static final Duration WAIT = Duration.ofSeconds(10);

    private final DefaultEventLoop loop = new DefaultEventLoop();
    private final List<Boolean> writtenOnLoop = new CopyOnWriteArrayList<>();
    private final LoopedResponse response = new LoopedResponse(new Watched(), loop);

    @AfterEach
    void close() {
        loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }

    @Test
    void writesABodyOnTheLoop() {
        DataBuffer body = new DefaultDataBufferFactory().wrap("body".getBytes(UTF_8));

        StepVerifier.create(response.writeWith(Mono.just(body))).expectComplete().verify(WAIT);

        assertThat(writtenOnLoop).containsExactly(true);
    }

    @Test
    void endsWithoutABodyOnTheLoop() {
        StepVerifier.create(response.setComplete()).expectComplete().verify(WAIT);

        assertThat(writtenOnLoop).containsExactly(true);
    }

    /** By then the loop may be gone. */
    @Test
    void hasNothingToEndWhenItIsWritten() {
        StepVerifier.create(response.setComplete()).expectComplete().verify(WAIT);
        loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();

        StepVerifier.create(response.setComplete()).expectComplete().verify(WAIT);
    }

    @Test
    void passesFailuresOn() {
        StepVerifier.create(response.writeWith(Mono.error(new IllegalStateException("broken"))))
                .expectErrorMessage("broken")
                .verify(WAIT);
    }

    private final class Watched extends ServerHttpResponseDecorator {

        Watched() {
            super(new MockServerHttpResponse());
        }

        @Override
        public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
            writtenOnLoop.add(loop.inEventLoop());
            return super.writeWith(body);
        }

        @Override
        public Mono<Void> setComplete() {
            writtenOnLoop.add(loop.inEventLoop());
            return super.setComplete();
        }
    }
}
