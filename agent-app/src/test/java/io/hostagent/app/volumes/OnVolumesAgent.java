// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.volumes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;

/**
 * A test class with an agent on a host of its own, which it starts before all tests and ends after
 * them. The invariants are checked after each test.
 */
abstract class OnVolumesAgent {

    private static final Duration FREE = Duration.ofMinutes(1);

    @SuppressWarnings("NullAway.Init") // set before all tests
    static VolumesAgent agent;

    @AfterEach
    void check() {
        agent.removeContainers();
        agent.invariants().check();
    }

    /** Takes the host away, on which nothing may be left when all volumes are removed. */
    static void removeAll() {
        try (VolumesAgent last = agent) {
            last.invariants().assertNothingIsLeft();
        }
    }

    /** Nobody is said to use it any more, and nothing of it is mounted. */
    static void awaitFree(String volume) {
        Awaitility.await()
                .atMost(FREE)
                .untilAsserted(
                        () -> {
                            assertThat(agent.api().users(volume)).isEmpty();
                            assertThat(agent.mounts(volume)).isEmpty();
                        });
    }
}
