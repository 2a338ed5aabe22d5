// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hostagent.core.docker.ContainerId;
import io.hostagent.core.kernel.HostFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SlowNumbersTests {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final SlowLane OFTEN =
            new SlowLane(true, Duration.ofMillis(1), Duration.ofSeconds(30));

    private final Scripted source = new Scripted();
    private SlowNumbers<Double> slow = new SlowNumbers<>("test", OFTEN, source);

    @AfterEach
    void close() {
        source.go.countDown();
        slow.close();
    }

    @Test
    void addsNothingBeforeTheFirstRoundAndTheLastOneAfterIt() {
        assertThat(number(1)).isNaN();

        slow.refresh(List.of(target(1), target(2)), System.nanoTime());
        source.go.countDown();

        await().atMost(LIMIT).until(() -> number(1) == 1 && number(2) == 2);
        source.factor = 10;
        assertThat(number(1)).isEqualTo(1);
    }

    @Test
    void readsAnewOnlyWhenAskedAndDue() {
        slow = new SlowNumbers<>("test", new SlowLane(true, LIMIT, LIMIT), source);
        source.go.countDown();

        for (int i = 0; i < 10; i++) {
            slow.refresh(List.of(target(1)), System.nanoTime());
        }
        await().atMost(LIMIT).until(() -> number(1) == 1);
        slow.refresh(List.of(target(1)), System.nanoTime());
        assertThat(source.read).hasSize(1);

        slow.refresh(List.of(target(1)), System.nanoTime() + LIMIT.multipliedBy(2).toNanos());
        await().atMost(LIMIT).until(() -> source.read.size() == 2);
    }

    @Test
    void answersWithTheOldOneWhileARoundIsStuckAndBeginsNoSecond() {
        slow.refresh(List.of(target(1)), System.nanoTime());
        await().atMost(LIMIT).until(() -> source.read.size() == 1);

        slow.refresh(List.of(target(1)), System.nanoTime() + LIMIT.toNanos());

        assertThat(number(1)).isNaN();
        assertThat(source.read).hasSize(1);
    }

    @Test
    void reachesFirstWhatTheLastRoundDidNotReach() {
        slow =
                new SlowNumbers<>(
                        "test",
                        new SlowLane(true, Duration.ofMillis(1), Duration.ofMillis(20)),
                        source);
        slow.refresh(List.of(target(1), target(2), target(3)), System.nanoTime());
        await().atMost(LIMIT).until(() -> source.stopped);
        source.go.countDown();

        await().atMost(LIMIT)
                .until(
                        () -> {
                            slow.refresh(
                                    List.of(target(1), target(2), target(3)), System.nanoTime());
                            return source.read.size() >= 4;
                        });

        assertThat(source.read.subList(0, 4)).containsExactly(id(1), id(2), id(3), id(1));
    }

    @Test
    void forgetsWhatIsGone() {
        source.go.countDown();
        slow.refresh(List.of(target(1)), System.nanoTime());
        await().atMost(LIMIT).until(() -> number(1) == 1);

        slow.refresh(List.of(), System.nanoTime());

        assertThat(number(1)).isNaN();
    }

    private double number(int container) {
        Numbers numbers = new Numbers();
        slow.add(id(container), numbers);
        return numbers.get(ContainerValue.PROCESSES);
    }

    private static ContainerId id(int number) {
        return new ContainerId("%064x".formatted(number));
    }

    private static SlowNumbers.Target target(int number) {
        return new SlowNumbers.Target(
                Subjects.container(id(number).value(), 1, "bridge", Map.of()),
                new HostFiles(
                        Path.of("/proc"),
                        Path.of("/sys"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()),
                Path.of("/nowhere"),
                Path.of("/nowhere"),
                Optional.empty(),
                true,
                List.of());
    }

    /** Reads the container's number, when it is let go. */
    private static final class Scripted implements SlowNumbers.Source<Double> {

        final List<ContainerId> read = new CopyOnWriteArrayList<>();
        final CountDownLatch go = new CountDownLatch(1);
        volatile double factor = 1;
        volatile boolean stopped;

        @Override
        public Double read(SlowNumbers.Target target, BooleanSupplier stop) throws IOException {
            read.add(target.id());
            while (go.getCount() > 0 && !stop.getAsBoolean()) {
                Thread.onSpinWait();
            }
            stopped |= stop.getAsBoolean();
            return factor * Long.parseLong(target.id().value(), 16);
        }

        @Override
        public void add(Double number, Numbers numbers) {
            numbers.set(ContainerValue.PROCESSES, number);
        }
    }
}
