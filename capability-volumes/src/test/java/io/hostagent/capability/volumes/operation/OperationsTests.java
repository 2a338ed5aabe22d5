// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hostagent.capability.volumes.operation.Operation.Failure;
import io.hostagent.capability.volumes.operation.Operation.State;
import io.hostagent.core.error.BusyException;
import io.hostagent.core.error.CallerException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OperationsTests {

    private static final Duration LONG = Duration.ofSeconds(20);

    private final AtomicLong nanoseconds = new AtomicLong();
    private final Operations operations = new Operations(Clock.systemUTC(), nanoseconds::get);
    private final CountDownLatch gate = new CountDownLatch(1);

    @AfterEach
    void close() {
        gate.countDown();
        operations.close();
    }

    private Operation end(Operation operation) {
        return operations.end(operation.id(), LONG).blockOptional(LONG).orElseThrow();
    }

    private static Failure failure(Operation operation) {
        return Objects.requireNonNull(operation.failure());
    }

    @Test
    void saysWhatCameOfIt() {
        Operation begun = operations.start("clone", "a", progress -> Map.of("name", "b"));
        assertThat(begun.state()).isEqualTo(State.RUNNING);
        Operation end = end(begun);
        assertThat(end.state()).isEqualTo(State.DONE);
        assertThat(end.result()).containsEntry("name", "b");
        assertThat(end.ended()).isNotNull();
        assertThat(operations.find(begun.id())).contains(end);
        assertThat(operations.all()).containsExactly(end);
    }

    @Test
    void saysWhyItFailed() {
        Operation known =
                end(
                        operations.start(
                                "clone",
                                "a",
                                progress -> {
                                    throw new CallerException(409, "It is in use", "By x");
                                }));
        Operation unknown =
                end(
                        operations.start(
                                "clone",
                                "a",
                                progress -> {
                                    throw new IllegalStateException("a secret");
                                }));
        assertThat(known.state()).isEqualTo(State.FAILED);
        assertThat(failure(known).status()).isEqualTo(409);
        assertThat(failure(known).error().message()).isEqualTo("It is in use");
        assertThat(failure(unknown).status()).isEqualTo(500);
        assertThat(failure(unknown).error().toString()).doesNotContain("secret");
    }

    @Test
    void showsItsProgressWhileItGoesOn() {
        Operation begun =
                operations.start(
                        "clone",
                        "a",
                        progress -> {
                            progress.accept("copies 3 of 9");
                            gate.await();
                            return Map.of();
                        });
        await().until(
                        () ->
                                operations
                                        .find(begun.id())
                                        .orElseThrow()
                                        .progress()
                                        .equals("copies 3 of 9"));
        Operation now =
                operations.end(begun.id(), Duration.ofMillis(50)).blockOptional(LONG).orElseThrow();
        assertThat(now.state()).isEqualTo(State.RUNNING);
        gate.countDown();
        assertThat(end(begun).progress()).isEqualTo("done");
    }

    @Test
    void doesAFewAtOnceAndRefusesTooMany() {
        AtomicInteger atOnce = new AtomicInteger();
        List<Operation> all =
                IntStream.range(0, Operations.MOST)
                        .mapToObj(
                                i ->
                                        operations.start(
                                                "clone",
                                                "a",
                                                progress -> {
                                                    atOnce.incrementAndGet();
                                                    gate.await();
                                                    return Map.of();
                                                }))
                        .toList();
        await().until(() -> atOnce.get() == Operations.AT_ONCE);
        await().during(Duration.ofMillis(200)).until(() -> atOnce.get() == Operations.AT_ONCE);
        assertThatThrownBy(() -> operations.start("clone", "a", progress -> Map.of()))
                .isInstanceOf(BusyException.class);
        gate.countDown();
        all.forEach(one -> assertThat(end(one).state()).isEqualTo(State.DONE));
        assertThat(end(operations.start("clone", "a", progress -> Map.of())).state())
                .isEqualTo(State.DONE);
    }

    @Test
    void forgetsAnHourAfterTheEndAndNotBefore() {
        Operation over = end(operations.start("clone", "a", progress -> Map.of()));
        Operation on =
                operations.start(
                        "clone",
                        "a",
                        progress -> {
                            gate.await();
                            return Map.of();
                        });
        nanoseconds.addAndGet(Duration.ofMinutes(59).toNanos());
        assertThat(operations.find(over.id())).isPresent();
        nanoseconds.addAndGet(Duration.ofMinutes(2).toNanos());
        assertThat(operations.find(over.id())).isEmpty();
        assertThat(operations.find(on.id())).isPresent();
    }
}
