// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What breaks in a Swarm shows within 2 s in what every agent answers, and is forgotten 5 s after
 * it has been mended. Nobody restarts anything.
 */
class SwarmFaultsIT extends OnSwarm {

    @Test
    void anAgentIsKilled() throws Exception {
        TaskContainer before = last.container();
        String address = before.address(SwarmOfAgents.NETWORK);

        before.kill();
        truth().assertWithout(last);

        awaitAnother(last, before);
        wholeAgain("killed", last);
        assertThat(last.container().address(SwarmOfAgents.NETWORK)).isNotEqualTo(address);
    }

    @Test
    void theManagersAgentIsKilled() throws Exception {
        TaskContainer before = manager.container();

        before.kill();
        truth().assertWithout(manager);

        awaitAnother(manager, before);
        wholeAgain("killed the manager's", manager);
    }

    @Test
    void aHostIsLost() throws Exception {
        last.host().kill();
        try {
            truth().assertWithout(last);
            truth().assertStillWithout(last);
        } finally {
            last.host().boot();
        }
        awaitOverlay(last);
        wholeAgain("lost host", last);
    }

    @Test
    void aHostIsFrozen() throws Exception {
        last.host().freeze();
        try {
            truth().assertWithout(last);
            truth().assertStillWithout(last);
        } finally {
            last.host().thaw();
        }
        wholeAgain("frozen host", last);
    }

    @Test
    void aHostIsCutOff() throws Exception {
        last.host().cut();
        try {
            truth().assertWithout(last);
            truth().assertStillWithout(last);
        } finally {
            last.host().heal();
        }
        wholeAgain("cut host", last);
    }

    /** Also right after an agent was started, which the name server does not know yet. */
    @Test
    void allManagersAreLost() throws Exception {
        TaskContainer before = last.container();
        before.kill();
        awaitAnother(last, before);
        wholeAgain("killed", last);
        manager.host().kill();
        try {
            truth().assertWithout(manager);
            truth().assertStillWithout(manager);
            for (NodeAgent worker : swarm().workers()) {
                HttpResponse<String> answer = worker.get("/services");
                assertThat(answer.statusCode()).isEqualTo(500);
                assertThat(answer.body())
                        .contains(
                                "\"The agent was unable to contact any other agent located on a"
                                        + " manager node\"",
                                "\"Unable to find an agent on any manager node\"");
            }
        } finally {
            manager.host().boot();
        }
        awaitOverlay(manager);
        wholeAgain("lost managers", manager);
        assertThat(first.get("/services").statusCode()).isEqualTo(200);
    }

    @Test
    void namesAreLate() throws Exception {
        Fault late = container -> NameFault.late(container, Duration.ofSeconds(4));
        namesFail(late);
    }

    @Test
    void namesAreWrong() throws Exception {
        // Nobody has the first, and the second is not an agent's.
        List<String> lies = List.of("10.0.1.250", "127.0.0.1");
        namesFail(container -> NameFault.wrong(container, lies));
    }

    private void namesFail(Fault fault) throws Exception {
        try (NameFault _ = fault.in(last.container())) {
            Listing listing = last.workloads();
            assertThat(listing.took()).as("time of %s", listing).isLessThan(Truth.DURING);
            truth().assertWhole();
        }
        restartBehind(last, fault);
    }

    /** What makes names fail in a container. */
    private interface Fault {
        NameFault in(TaskContainer container);
    }

    /** An agent that knows nobody yet lists at least its own node, in time, and soon all. */
    private void restartBehind(NodeAgent agent, Fault fault) {
        TaskContainer before = agent.container();
        before.kill();
        awaitAnother(agent, before);
        try (NameFault _ = fault.in(agent.container())) {
            SwarmOfAgents.awaitAgents(List.of(agent));
            Listing listing = agent.workloads();
            assertThat(listing.problem()).isEmpty();
            assertThat(listing.took()).as("time of %s", listing).isLessThan(Truth.DURING);
            assertThat(listing.items())
                    .contains(agent.name() + "/" + Workloads.nameOn(agent.host()))
                    .doesNotHaveDuplicates();
            assertThat(truth().isComplete(listing) || !listing.unreachable().isEmpty())
                    .as("says what it lacks: %s", listing)
                    .isTrue();
        }
        wholeAgain("names", agent);
    }

    @Test
    void anAgentsClockIsAnHourAhead() throws Exception {
        TaskContainer before = last.container();
        try (WrongClock _ = WrongClock.anHourAheadAt(last)) {
            awaitAnother(last, before);
            wholeAgain("clock", last);
            assertThat(WrongClock.secondsAt(last) - WrongClock.secondsAt(first))
                    .isBetween(3590L, 3610L);
            before = last.container();
        }
        awaitAnother(last, before);
        wholeAgain("clock again", last);
    }
}
