// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.cluster;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hostagent.lab.DockerHost;
import io.hostagent.lab.DockerSwarm;
import io.hostagent.lab.LabEngine;
import io.hostagent.lab.LabSwarm;
import java.time.Duration;
import java.util.List;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.extension.TestWatcher;

/** A test class whose agents are those of one manager and two workers. */
@Timeout(value = 240, unit = SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class OnSwarm {

    /** More than the bounds that tests have, so that a fault fails its own test and no other. */
    private static final Duration ACQUAINTED = Duration.ofSeconds(30);

    /** For the Swarm, which at times takes more than a minute to give a node its tasks again. */
    private static final Duration RETURN = Duration.ofMinutes(2);

    @LabEngine(baseImages = true)
    @SuppressWarnings("NullAway.Init") // set by the lab
    private static DockerHost builder;

    @LabSwarm
    @SuppressWarnings("NullAway.Init") // set by the lab
    private static DockerSwarm hosts;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static SwarmOfAgents swarm;

    @RegisterExtension
    static final TestWatcher FAILURES =
            new TestWatcher() {
                @Override
                public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
                    swarm.doubt();
                }
            };

    final NodeAgent manager = swarm.manager();
    final NodeAgent first = swarm.workers().getFirst();
    final NodeAgent last = swarm.workers().getLast();

    @BeforeAll
    static void deploy() {
        swarm = SwarmOfAgents.on(hosts, builder);
    }

    /** Whatever the test before this one did, this one begins with agents that know one another. */
    @BeforeEach
    void awaitAgents() {
        swarm.restore();
        awaitAcquainted();
    }

    /** Waits until every agent knows all others, and nobody else. */
    static void awaitAcquainted() {
        List<String> names = NodeAgent.names(swarm.agents());
        await().atMost(ACQUAINTED)
                .untilAsserted(
                        () -> {
                            for (NodeAgent agent : swarm.agents()) {
                                assertThat(agent.members().keySet())
                                        .as("nodes at %s", agent)
                                        .containsExactlyElementsOf(names);
                            }
                        });
    }

    static SwarmOfAgents swarm() {
        return swarm;
    }

    static Truth truth() {
        return swarm.truth();
    }

    /** Waits for returning agents, and holds all to the bound from then on. */
    static void wholeAgain(String after, NodeAgent... returning) {
        report(after, truth().assertWholeSoon(returning));
    }

    static void report(String after, Duration took) {
        System.out.printf("%-32s known after %5d ms%n", after, took.toMillis());
    }

    /** Waits until the Swarm has started another container for an agent. */
    static void awaitAnother(NodeAgent agent, TaskContainer before) {
        try {
            await().atMost(RETURN)
                    .until(
                            () ->
                                    TaskContainer.of(SwarmOfAgents.SERVICE, agent.host())
                                            .filter(container -> !container.equals(before))
                                            .isPresent());
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("no other container than " + before + swarm.tasks(), e);
        }
    }

    /**
     * The end of a fault that hit the overlay network as well: after a reboot Docker takes up to 20
     * s until packets pass there, during which no agent could be reached by another one.
     */
    static void awaitOverlay(NodeAgent returning) {
        SwarmOfAgents.awaitAgents(List.of(returning));
        for (NodeAgent other : swarm.others(returning)) {
            await().atMost(RETURN)
                    .until(() -> reaches(returning, other) && reaches(other, returning));
        }
    }

    private static boolean reaches(NodeAgent from, NodeAgent to) {
        String address = to.container().address(SwarmOfAgents.NETWORK);
        return from.container().reaches(address, NodeAgent.PORT);
    }
}
