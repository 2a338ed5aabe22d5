// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.docker.registry;

import static io.hostagent.core.docker.registry.ScriptedEngine.container;
import static io.hostagent.core.docker.registry.ScriptedEngine.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hostagent.core.docker.Container;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ContainerRegistryTests {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final ScriptedEngine engine = new ScriptedEngine();
    private final ContainerRegistry registry = new ContainerRegistry(engine);

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    void listsWhatIsThere() {
        engine.set(1, "running");
        engine.set(2, "exited");

        registry.start();

        eventuallyHas(container(1, "running"), container(2, "exited"));
        assertThat(registry.engine()).isPresent();
    }

    @Test
    void followsWhatHappens() {
        registry.start();

        engine.set(1, "created");
        engine.set(1, "running");
        engine.set(2, "running");
        engine.remove(2);

        eventuallyHas(container(1, "running"));
        assertThat(registry.find(id(1))).contains(container(1, "running"));
        assertThat(registry.find(id(2))).isEmpty();
        assertThat(engine.lists).hasValue(1);
    }

    @Test
    void missesNothingWhileTheListIsOnItsWay() {
        engine.set(1, "running");
        engine.set(2, "running");
        engine.duringList =
                () -> {
                    engine.set(1, "exited");
                    engine.remove(2);
                    engine.set(3, "running");
                };

        registry.start();

        eventuallyHas(container(1, "exited"), container(3, "running"));
    }

    @Test
    void isNotFooledByEventsThatComeTwiceOrLate() {
        registry.start();
        engine.set(1, "running");
        eventuallyHas(container(1, "running"));

        engine.tell(1, "die");
        engine.tell(1, "start");
        engine.tell(1, "start");
        engine.tell(1, "create");
        engine.tell(7, "start");
        engine.set(2, "running");

        eventuallyHas(container(1, "running"), container(2, "running"));
    }

    /** The old container of a name is destroyed after the new one has begun. */
    @Test
    void believesTheEngineAndNotTheEvent() {
        engine.set(1, "running");
        registry.start();
        eventuallyHas(container(1, "running"));

        engine.containers.put(id(1), container(1, "paused"));
        engine.tell(1, "unpause");

        eventuallyHas(container(1, "paused"));
    }

    @Test
    void waitsForAnEngineThatIsAway() {
        engine.stop();
        registry.start();
        await().atMost(LIMIT).until(() -> engine.connects.get() > 1);
        assertThat(registry.engine()).isEmpty();
        engine.set(1, "running");

        engine.start();

        eventuallyHas(container(1, "running"));
        assertThat(registry.engine()).isPresent();
    }

    @Test
    void keepsTheLastKnownWhileTheEngineIsAwayAndBeginsAnew() {
        engine.set(1, "running");
        engine.set(2, "running");
        registry.start();
        eventuallyHas(container(1, "running"), container(2, "running"));

        engine.stop();
        await().atMost(LIMIT).until(() -> registry.engine().isEmpty());
        assertThat(registry.all()).hasSize(2);

        engine.containers.remove(id(2));
        engine.containers.put(id(1), container(1, "exited"));
        engine.start();

        eventuallyHas(container(1, "exited"));
        assertThat(registry.engine()).isPresent();
    }

    @Test
    void listsAnewWhenEventsWereLost() {
        registry.start();
        await().atMost(LIMIT).until(() -> registry.engine().isPresent());
        engine.containers.put(id(1), container(1, "running"));

        engine.breakStream();

        eventuallyHas(container(1, "running"));
        assertThat(engine.lists).hasValueGreaterThan(1);
    }

    /** More events than may wait, all of them while the list is on its way. */
    @Test
    void survivesAStormOfEvents() {
        engine.duringList =
                () -> {
                    engine.duringList = () -> {};
                    for (int i = 0; i < 4 * ScriptedEngine.REMEMBERED; i++) {
                        engine.set(i % 10, "running");
                    }
                    engine.remove(0);
                };

        registry.start();

        await().atMost(LIMIT).until(() -> registry.all().size() == 9);
        assertThat(registry.find(id(0))).isEmpty();
    }

    @Test
    void asksForEventsFromBeforeTheList() {
        registry.start();
        await().atMost(LIMIT).until(() -> registry.engine().isPresent());

        assertThat(engine.asked).containsExactly(registry.engine().orElseThrow().systemTime());
    }

    @Test
    void asksNoMoreWhenClosed() {
        registry.start();
        await().atMost(LIMIT).until(() -> registry.engine().isPresent());

        registry.close();
        engine.set(1, "running");

        assertThat(registry.all()).isEmpty();
    }

    private void eventuallyHas(Container... containers) {
        await().atMost(LIMIT)
                .untilAsserted(
                        () -> assertThat(registry.all()).containsExactlyInAnyOrder(containers));
    }
}
