// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostagent.core.cluster.Discovery.Found;
import io.hostagent.core.cluster.Discovery.Node;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SwarmTasksTests {

    private static final OwnService SERVICE =
            new OwnService("svc", "agent_agent", Set.of("net-agents"), false, 0);

    private static final String NODES =
            """
            [{"ID":"n1","Spec":{"Role":"manager"},"Description":{"Hostname":"one"},
              "Status":{"State":"ready","Addr":"10.99.0.1"}},
             {"ID":"n2","Spec":{"Role":"worker"},"Description":{"Hostname":"two"},
              "Status":{"State":"ready","Addr":"10.99.0.2"}},
             {"ID":"n3","Spec":{"Role":"worker"},"Description":{"Hostname":"three"},
              "Status":{"State":"down","Addr":"10.99.0.3"}},
             {"ID":"n4","Spec":{"Role":"worker"},"Description":{"Hostname":"drained"},
              "Status":{"State":"ready","Addr":"10.99.0.4"}}]
            """;

    private static String task(String node, String state, String address) {
        return """
        {"NodeID":"%s","Status":{"State":"%s"},"NetworksAttachments":[
          {"Network":{"ID":"net-ingress"},"Addresses":["10.0.0.9/24"]},
          {"Network":{"ID":"net-agents"},"Addresses":["%s/24"]}]}
        """
                .formatted(node, state, address);
    }

    @Test
    void anAddressIsThatOfTheTaskInTheNetworkOfTheAgents() {
        Found found =
                SwarmTasks.read(
                        SERVICE,
                        9001,
                        "["
                                + task("n1", "running", "10.0.1.3")
                                + ","
                                + task("n2", "starting", "10.0.1.4")
                                + "]",
                        NODES);
        assertThat(found.addresses())
                .containsOnly(
                        java.util.Map.entry(new PeerAddress("10.0.1.3", 9001), "n1"),
                        java.util.Map.entry(new PeerAddress("10.0.1.4", 9001), "n2"));
        assertThat(found.nodes())
                .containsExactlyInAnyOrder(
                        new Node("n1", "one", Role.MANAGER, ""),
                        new Node("n2", "two", Role.WORKER, ""),
                        new Node(
                                "n3",
                                "three",
                                Role.WORKER,
                                "the Swarm says that the node is down"));
    }

    @Test
    void aTaskThatHasNotStartedIsWaitedForAndNotCalled() {
        Found found =
                SwarmTasks.read(
                        SERVICE, 9001, "[" + task("n2", "preparing", "10.0.1.4") + "]", NODES);
        assertThat(found.addresses()).isEmpty();
        assertThat(found.nodes())
                .contains(new Node("n2", "two", Role.WORKER, "its agent is preparing"));
    }

    @Test
    void duringAnUpdateTheTaskThatRunsCounts() {
        String running = task("n2", "running", "10.0.1.4");
        String next = task("n2", "pending", "");
        for (String tasks : new String[] {running + "," + next, next + "," + running}) {
            Found found = SwarmTasks.read(SERVICE, 9001, "[" + tasks + "]", NODES);
            assertThat(found.addresses()).hasSize(1);
            assertThat(found.nodes()).contains(new Node("n2", "two", Role.WORKER, ""));
        }
    }

    @Test
    void inTheHostsNetworkAnAgentHasItsHostsAddress() {
        OwnService hostNetwork = new OwnService("svc", "agent", Set.of(), true, 9001);
        Found found =
                SwarmTasks.read(
                        hostNetwork, 9001, "[" + task("n2", "running", "10.0.1.4") + "]", NODES);
        assertThat(found.addresses())
                .containsOnly(java.util.Map.entry(new PeerAddress("10.99.0.2", 9001), "n2"));
    }

    @Test
    void whatIsNoJsonIsRefused() {
        assertThatThrownBy(() -> SwarmTasks.read(SERVICE, 9001, "oops", NODES))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
