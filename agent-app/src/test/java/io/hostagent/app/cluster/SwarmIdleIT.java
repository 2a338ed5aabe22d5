// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Agents that nobody asks anything send one another nothing, and ask for no names. */
class SwarmIdleIT extends OnSwarm {

    /** Idle connections between agents are closed after 30 s. */
    private static final Duration CLOSED = Duration.ofSeconds(45);

    private static final Duration QUIET = Duration.ofSeconds(20);

    @Test
    void anIdleClusterSendsNothing() throws Exception {
        List<PacketCount> counts = swarm().agents().stream().map(PacketCount::of).toList();
        try {
            swarm().agents().forEach(NodeAgent::workloads);
            assertThat(counts).extracting(PacketCount::packets).allMatch(count -> count > 0);
            await().atMost(CLOSED)
                    .pollInterval(Duration.ofSeconds(1))
                    .untilAsserted(
                            () -> assertThat(swarm().agents()).allSatisfy(this::hasNoConnection));

            List<Long> before = counts.stream().map(PacketCount::packets).toList();
            // Nothing shall happen: there is no condition to wait for.
            Thread.sleep(QUIET);

            assertThat(counts).extracting(PacketCount::packets).isEqualTo(before);
        } finally {
            counts.forEach(PacketCount::close);
        }
    }

    private void hasNoConnection(NodeAgent agent) {
        TaskContainer container = agent.container();
        String network = container.address(SwarmOfAgents.NETWORK).replaceAll("\\d+$", "");
        assertThat(container.inNetwork("ss", "-Htn", "state", "established").out())
                .doesNotContain(network);
    }
}
