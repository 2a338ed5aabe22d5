// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;

class BlockingTests {

    private static final Duration LONG = Duration.ofSeconds(10);

    private final Blocking blocking = new Blocking(2);

    @AfterEach
    void close() {
        blocking.close();
    }

    @Test
    void runsACallOnAVirtualThreadOfItsOwn() {
        Thread thread = blocking.call(LONG, Thread::currentThread).block(LONG);

        assertThat(thread).isNotNull();
        assertThat(thread.isVirtual()).isTrue();
        assertThat(thread.getName()).startsWith("agent-blocking-");
    }

    @Test
    void runsNoMoreCallsAtOnceThanAllowed() {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch twoAreIn = new CountDownLatch(2);

        Long ran =
                Flux.range(0, 20)
                        .flatMap(
                                i ->
                                        blocking.call(
                                                LONG,
                                                () -> {
                                                    most.accumulateAndGet(
                                                            now.incrementAndGet(), Math::max);
                                                    twoAreIn.countDown();
                                                    assertThat(twoAreIn.await(5, TimeUnit.SECONDS))
                                                            .isTrue();
                                                    now.decrementAndGet();
                                                    return i;
                                                }),
                                20)
                        .count()
                        .block(LONG);

        assertThat(ran).isEqualTo(20);
        assertThat(most).hasValue(2);
    }

    @Test
    void interruptsACallThatTakesTooLong() {
        AtomicBoolean interrupted = new AtomicBoolean();
        Mono<Boolean> call =
                blocking.call(
                        Duration.ofMillis(100),
                        () -> {
                            try {
                                return new CountDownLatch(1).await(1, TimeUnit.MINUTES);
                            } catch (InterruptedException e) {
                                interrupted.set(true);
                                throw e;
                            }
                        });

        assertThatThrownBy(() -> call.block(LONG)).hasCauseInstanceOf(TimeoutException.class);
        await().atMost(LONG).untilTrue(interrupted);
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                InterruptedException.class,
                InterruptedIOException.class,
                IllegalStateException.class
            })
    void keepsToItselfWhatAnInterruptedCallThrows(Class<? extends Exception> kind)
            throws Exception {
        Exception thrown = kind.getConstructor().newInstance();
        Queue<Throwable> dropped = new ConcurrentLinkedQueue<>();
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        Hooks.onErrorDropped(dropped::add);
        try {
            Mono<Boolean> call =
                    blocking.call(
                            Duration.ofMillis(100),
                            () -> {
                                thread.complete(Thread.currentThread());
                                try {
                                    return new CountDownLatch(1).await(1, TimeUnit.MINUTES);
                                } catch (InterruptedException e) {
                                    if (!(thrown instanceof InterruptedException)) {
                                        Thread.currentThread().interrupt();
                                    }
                                    throw thrown;
                                }
                            });

            assertThatThrownBy(() -> call.block(LONG)).hasCauseInstanceOf(TimeoutException.class);
            assertThat(thread.get().join(LONG)).isTrue();
            assertThat(dropped).isEmpty();
        } finally {
            Hooks.resetOnErrorDropped();
        }
    }

    @Test
    void handsOnWhatAnUndisturbedCallThrows() {
        Mono<Boolean> call =
                blocking.call(
                        LONG,
                        () -> {
                            throw new IOException("no such file");
                        });

        assertThatThrownBy(() -> call.block(LONG)).hasRootCauseMessage("no such file");
    }

    @Test
    void countsTheWaitForATurn() {
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch busy = new CountDownLatch(2);
        for (int i = 0; i < 2; i++) {
            blocking.call(
                            LONG,
                            () -> {
                                busy.countDown();
                                return end.await(1, TimeUnit.MINUTES);
                            })
                    .subscribe();
        }
        await().atMost(LONG).until(() -> busy.getCount() == 0);

        assertThatThrownBy(() -> blocking.call(Duration.ofMillis(100), () -> 1).block(LONG))
                .hasCauseInstanceOf(TimeoutException.class);

        end.countDown();
        assertThat(blocking.call(LONG, () -> 1).block(LONG)).isEqualTo(1);
    }

    @Test
    void givesTheTurnBackWhenACallFailsOrIsCancelled() {
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(
                            () ->
                                    blocking.call(
                                                    LONG,
                                                    () -> {
                                                        throw new IllegalStateException("no");
                                                    })
                                            .block(LONG))
                    .hasMessage("no");
            blocking.call(LONG, () -> new CountDownLatch(1).await(1, TimeUnit.MINUTES))
                    .subscribe()
                    .dispose();
        }

        assertThat(blocking.call(LONG, () -> 1).block(LONG)).isEqualTo(1);
    }

    @Test
    void endsItsWorkWhenClosed() {
        AtomicBoolean ended = new AtomicBoolean();
        CountDownLatch began = new CountDownLatch(1);
        blocking.run(
                () -> {
                    began.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        ended.set(true);
                    }
                });
        await().atMost(LONG).until(() -> began.getCount() == 0);

        blocking.close();

        await().atMost(LONG).untilTrue(ended);
    }
}
