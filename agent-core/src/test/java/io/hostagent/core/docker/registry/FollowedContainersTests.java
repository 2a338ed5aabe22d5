// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.docker.registry;

import static io.hostagent.core.docker.registry.ScriptedEngine.container;
import static io.hostagent.core.docker.registry.ScriptedEngine.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hostagent.core.docker.Container;
import io.hostagent.core.docker.ContainerDetails;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Sinks;

class FollowedContainersTests {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final ScriptedEngine engine = new ScriptedEngine();
    private final ContainerRegistry registry = new ContainerRegistry(engine);
    private final FollowedContainers started = new FollowedContainers(registry, engine);

    @AfterEach
    void close() {
        started.close();
        registry.close();
    }

    @Test
    void knowsWhatRunsOrIsPausedAndNothingElse() {
        engine.set(1, "running");
        engine.set(2, "paused");
        engine.set(3, "exited");
        engine.set(4, "created");
        engine.set(5, "restarting");

        registry.start();

        eventuallyHas(container(1, "running"), container(2, "paused"));
        assertThat(started.all()).allMatch(details -> details.pid() == 4_711);
    }

    @Test
    void followsWhatStartsChangesAndEnds() {
        registry.start();
        engine.set(1, "running");
        engine.set(2, "running");
        eventuallyHas(container(1, "running"), container(2, "running"));

        engine.set(1, "paused");
        engine.set(2, "exited");
        engine.set(3, "running");
        eventuallyHas(container(1, "paused"), container(3, "running"));

        engine.remove(3);
        eventuallyHas(container(1, "paused"));
    }

    @Test
    void asksAnewWhenAHealthCheckChangesItsMind() {
        engine.set(1, "running");
        registry.start();
        eventuallyHas(container(1, "running"));

        engine.health = "unhealthy";
        engine.tell(1, "health_status: unhealthy");

        await().atMost(LIMIT)
                .untilAsserted(
                        () ->
                                assertThat(started.all())
                                        .extracting(ContainerDetails::health)
                                        .containsExactly("unhealthy"));
    }

    @Test
    void asksAnewWhenAContainerJoinsANetwork() {
        engine.set(1, "running");
        engine.set(2, "exited");
        registry.start();
        eventuallyHas(container(1, "running"));
        int before = engine.details.get();

        engine.tell(1, "network:connect");
        engine.tell(2, "network:disconnect");

        await().atMost(LIMIT).untilAsserted(() -> assertThat(engine.details).hasValue(before + 1));
    }

    /** Engine 20.10 tells of an end a moment before its list has it. */
    @Test
    void takesAContainerThatHasDiedForEndedWhateverTheListSays() {
        engine.set(1, "running");
        engine.set(2, "running");
        registry.start();
        eventuallyHas(container(1, "running"), container(2, "running"));

        engine.tell(1, "die");
        eventuallyHas(container(2, "running"));
        assertThat(registry.find(id(1)).orElseThrow().state()).isEqualTo("exited");

        engine.tell(1, "start");
        eventuallyHas(container(1, "running"), container(2, "running"));
    }

    @Test
    void asksNothingForWhatChangesNothing() {
        engine.set(1, "running");
        registry.start();
        eventuallyHas(container(1, "running"));
        int before = engine.details.get();

        engine.tell(1, "exec_create: true");
        engine.tell(1, "exec_start: true");
        engine.tell(1, "exec_die");
        engine.set(2, "running");

        eventuallyHas(container(1, "running"), container(2, "running"));
        assertThat(engine.details).hasValue(before + 1);
    }

    /** However often containers change while the engine is slow, each waits once. */
    @Test
    void asksAFewAtATimeAndNoneTwiceAtOnce() {
        Sinks.Empty<Void> answer = Sinks.empty();
        engine.answers = answer.asMono();
        registry.start();
        await().atMost(LIMIT).until(() -> registry.engine().isPresent());
        for (int round = 0; round < 20; round++) {
            for (int number = 0; number < 12; number++) {
                engine.set(number, "running");
            }
        }
        await().atMost(LIMIT).until(() -> engine.asking.get() == 8);

        answer.tryEmitEmpty();

        await().atMost(LIMIT).until(() -> started.all().size() == 12);
        await().atMost(LIMIT).until(() -> engine.asking.get() == 0);
        assertThat(engine.mostAsking).hasValue(8);
        // Twelve once, and those that changed while they were asked about once more.
        assertThat(engine.details.get()).isBetween(12, 24);
    }

    @Test
    void forgetsWhatEndedWhileItsAnswerWasOnTheWay() {
        Sinks.Empty<Void> answer = Sinks.empty();
        engine.answers = answer.asMono();
        engine.set(1, "running");
        registry.start();
        await().atMost(LIMIT).until(() -> engine.asking.get() == 1);

        engine.remove(1);
        await().atMost(LIMIT).until(() -> registry.find(id(1)).isEmpty());
        answer.tryEmitEmpty();

        await().atMost(LIMIT).until(() -> engine.asking.get() == 0);
        assertThat(started.all()).isEmpty();
    }

    @Test
    void keepsTheLastKnownWhileTheEngineIsAway() {
        engine.set(1, "running");
        engine.set(2, "running");
        registry.start();
        eventuallyHas(container(1, "running"), container(2, "running"));

        engine.stop();
        await().atMost(LIMIT).until(() -> registry.engine().isEmpty());
        assertThat(started.all()).hasSize(2);

        engine.containers.put(id(1), container(1, "paused"));
        engine.containers.put(id(2), container(2, "exited"));
        engine.containers.put(id(3), container(3, "running"));
        engine.start();

        eventuallyHas(container(1, "paused"), container(3, "running"));
    }

    @Test
    void beginsWithWhatTheRegistryKnows() {
        engine.set(1, "running");
        registry.start();
        await().atMost(LIMIT).until(() -> registry.find(id(1)).isPresent());

        try (FollowedContainers late = new FollowedContainers(registry, engine)) {
            await().atMost(LIMIT).until(() -> late.all().size() == 1);
        }
    }

    @Test
    void asksNoMoreWhenClosed() {
        registry.start();
        await().atMost(LIMIT).until(() -> registry.engine().isPresent());

        started.close();
        engine.set(1, "running");
        await().atMost(LIMIT).until(() -> registry.find(id(1)).isPresent());

        assertThat(started.all()).isEmpty();
        assertThat(engine.details).hasValue(0);
    }

    private void eventuallyHas(Container... containers) {
        await().atMost(LIMIT)
                .untilAsserted(
                        () ->
                                assertThat(started.all())
                                        .extracting(ContainerDetails::container)
                                        .containsExactlyInAnyOrder(containers));
    }
}
