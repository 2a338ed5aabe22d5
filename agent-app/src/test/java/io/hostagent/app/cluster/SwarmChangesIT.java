// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.cluster;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hostagent.lab.CommandResult;
import io.hostagent.lab.DockerHost;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * What is changed in a Swarm on purpose shows within 5 s in what every agent answers, in whatever
 * order agents start. Nobody restarts anything.
 */
class SwarmChangesIT extends OnSwarm {

    @Test
    void anAgentLeavesAndComesBackWithAnotherAddress() throws Exception {
        String address = last.container().address(SwarmOfAgents.NETWORK);
        node("--availability=drain", last);
        try {
            await().atMost(30, SECONDS)
                    .until(() -> TaskContainer.of(SwarmOfAgents.SERVICE, last.host()).isEmpty());
            // It is meant to be away: nothing is unreachable.
            await().atMost(Truth.AFTER)
                    .untilAsserted(
                            () -> {
                                for (NodeAgent agent : swarm().others(last)) {
                                    assertThat(agent.members()).doesNotContainKey(last.name());
                                    assertThat(agent.workloads().unreachable()).isEmpty();
                                }
                            });
        } finally {
            node("--availability=active", last);
        }
        wholeAgain("another address", last);
        assertThat(last.container().address(SwarmOfAgents.NETWORK)).isNotEqualTo(address);
    }

    private static void node(String change, NodeAgent agent) {
        swarm().docker().run("node", "update", change, agent.name()).orThrow();
    }

    @Test
    void agentsStartBeforeTheManagersAgent() {
        node("--availability=drain", manager);
        try {
            List<TaskContainer> before = List.of(first.container(), last.container());
            before.forEach(TaskContainer::kill);
            awaitAnother(first, before.getFirst());
            awaitAnother(last, before.getLast());
            SwarmOfAgents.awaitAgents(List.of(first, last));
        } finally {
            node("--availability=active", manager);
        }
        wholeAgain("the manager's last", manager);
    }

    @Test
    void nodesArePromotedAndDemoted() throws Exception {
        swarm().docker().run("node", "promote", first.name(), last.name()).orThrow();
        try {
            awaitRoles("manager");
            for (NodeAgent agent : swarm().agents()) {
                assertThat(agent.json("/nodes").values()).hasSize(swarm().agents().size());
            }
            truth().assertWhole();
            swarm().deployAgain();
            wholeAgain("deployed on managers alone", manager, first, last);
            managersLoseTheirMajority();
        } finally {
            demote(first, last);
        }
        awaitRoles("worker");
        truth().assertWhole();
    }

    /**
     * The Swarm refuses it while it misses another manager, as it does for a while after a loss.
     */
    private static void demote(NodeAgent... managers) {
        await().atMost(30, SECONDS)
                .untilAsserted(
                        () -> {
                            for (NodeAgent agent : managers) {
                                CommandResult said =
                                        swarm().docker().run("node", "demote", agent.name());
                                assertThat(hasControl(agent)).as(said.toString()).isFalse();
                            }
                        });
    }

    /**
     * Every agent tells the workers' new role soon after their engines do, and is not restarted.
     */
    private void awaitRoles(String role) {
        boolean control = role.equals("manager");
        await().atMost(30, SECONDS)
                .until(() -> hasControl(first) == control && hasControl(last) == control);
        long start = System.nanoTime();
        await().atMost(Truth.AFTER)
                .untilAsserted(
                        () -> {
                            for (NodeAgent agent : swarm().agents()) {
                                assertThat(agent.members())
                                        .as("roles at %s", agent)
                                        .containsEntry(manager.name(), "manager")
                                        .containsEntry(first.name(), role)
                                        .containsEntry(last.name(), role);
                            }
                        });
        report("a new role", Duration.ofNanos(System.nanoTime() - start));
    }

    private static boolean hasControl(NodeAgent agent) {
        String format = "{{.Swarm.ControlAvailable}}";
        String control = agent.host().cli().run("info", "--format", format).orThrow().out();
        return Boolean.parseBoolean(control.strip());
    }

    /** Two of three managers' engines die: lists arrive, and none of the dead ones' is in them. */
    private void managersLoseTheirMajority() throws Exception {
        List<TaskContainer> before = List.of(first.container(), last.container());
        List<DockerHost> dead = List.of(first.host(), last.host());
        dead.forEach(DockerHost::killEngine);
        try {
            Listing listing = manager.workloads();
            assertThat(listing.problem()).isEmpty();
            assertThat(listing.took()).isLessThan(Truth.DURING);
            assertThat(listing.items())
                    .containsExactly(manager.name() + "/" + Workloads.nameOn(manager.host()));
            assertThat(listing.unreachable()).isEqualTo(NodeAgent.names(List.of(first, last)));
        } finally {
            dead.forEach(DockerHost::startEngine);
        }
        // An engine that was killed ends what it finds when it is started again.
        awaitAnother(first, before.getFirst());
        awaitAnother(last, before.getLast());
        awaitOverlay(first);
        awaitOverlay(last);
        wholeAgain("lost majority", first, last);
    }

    @Test
    void theServiceIsUpdated() throws Exception {
        List<Optional<TaskContainer>> before = containers();
        try (PatientClients clients = PatientClients.of(swarm().agents())) {
            swarm().docker()
                    .withTimeout(Duration.ofMinutes(3))
                    .run("service", "update", "--force", "--quiet", SwarmOfAgents.SERVICE)
                    .orThrow();
            clients.assertServed();
        }
        assertThat(containers()).doesNotContainAnyElementsOf(before);
        wholeAgain("update", swarm().agents().toArray(NodeAgent[]::new));
    }

    private static List<Optional<TaskContainer>> containers() {
        return swarm().agents().stream()
                .map(agent -> TaskContainer.of(SwarmOfAgents.SERVICE, agent.host()))
                .toList();
    }
}
