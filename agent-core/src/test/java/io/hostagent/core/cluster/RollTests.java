// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.core.cluster.Discovery.Found;
import io.hostagent.core.cluster.Discovery.Node;
import io.hostagent.core.cluster.Identities.Answer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RollTests {

    private static final PeerAddress A1 = new PeerAddress("10.0.1.1", 9001);
    private static final PeerAddress A2 = new PeerAddress("10.0.1.2", 9001);
    private static final PeerAddress A3 = new PeerAddress("10.0.1.3", 9001);

    private static NodeIdentity identity(String node, Role role, String instance, long started) {
        return new NodeIdentity(
                node, "id-" + node, true, role, 9001, List.of("proxy"), "1", instance, started);
    }

    private static Roll roll(Map<PeerAddress, String> addresses, Node... nodes) {
        Roll roll = new Roll(new Found(addresses, List.of(nodes)), "own", PeerAddress::toString);
        roll.self(identity("b", Role.WORKER, "own", 1));
        return roll;
    }

    private static List<String> names(ClusterView view) {
        return view.members().stream().map(Member::nodeName).toList();
    }

    @Test
    void anAgentThatMeetsItselfCountsOnceAndKnowsItsAddress() {
        Roll roll = roll(Map.of(A1, "", A2, ""));
        roll.add(A1, new Answer.Known(identity("b", Role.WORKER, "own", 1), 0));
        roll.add(A2, new Answer.Known(identity("a", Role.MANAGER, "x", 1), 0));
        ClusterView view = roll.view(roll.ownAddress());
        assertThat(names(view)).containsExactly("a", "b");
        assertThat(view.self().orElseThrow().address()).isEqualTo(A1);
        assertThat(view.manager().orElseThrow().nodeName()).isEqualTo("a");
    }

    @Test
    void ofTwoAgentsOnANodeTheYoungerOneCounts() {
        Roll roll = roll(Map.of(A1, "", A2, ""));
        roll.add(A1, new Answer.Known(identity("a", Role.WORKER, "old", 100), 0));
        roll.add(A2, new Answer.Known(identity("a", Role.WORKER, "new", 200), 0));
        ClusterView view = roll.view(Optional.empty());
        assertThat(names(view)).containsExactly("a", "b");
        assertThat(view.node("a").orElseThrow().address()).isEqualTo(A2);
    }

    /** The one that is going still shows the node of this agent, which is there. */
    @Test
    void anotherAgentOnTheOwnNodeIsNoSecondNode() {
        Roll roll = roll(Map.of(A1, ""));
        roll.add(A1, new Answer.Known(identity("b", Role.WORKER, "before", 0), 0));
        assertThat(names(roll.view(Optional.empty()))).containsExactly("b");
    }

    @Test
    void aNodeIsAManagerWhenItAndTheSwarmSaySo() {
        Roll roll =
                roll(
                        Map.of(A1, "id-a", A2, "id-c"),
                        new Node("id-a", "a", Role.WORKER, ""),
                        new Node("id-c", "c", Role.MANAGER, ""));
        roll.add(A1, new Answer.Known(identity("a", Role.MANAGER, "x", 1), 0));
        roll.add(A2, new Answer.Known(identity("c", Role.MANAGER, "y", 1), 0));
        ClusterView view = roll.view(Optional.empty());
        assertThat(view.node("a").orElseThrow().manager()).isFalse();
        assertThat(view.node("c").orElseThrow().manager()).isTrue();
    }

    @Test
    void whoDoesNotAnswerIsNamedWithTheReason() {
        Roll roll =
                roll(
                        Map.of(A1, "id-a", A3, ""),
                        new Node("id-a", "a", Role.WORKER, ""),
                        new Node("id-d", "d", Role.WORKER, "the Swarm says that the node is down"));
        roll.add(A1, new Answer.Down("it is silent"));
        roll.add(A3, new Answer.Down("connection refused"));
        assertThat(roll.view(Optional.empty()).absent())
                .containsExactly(
                        new Absent(A3.toString(), A3, "connection refused"),
                        new Absent("a", A1, "it is silent"),
                        new Absent("d", null, "the Swarm says that the node is down"));
    }

    @Test
    void anOldAddressOfANodeThatAnswersElsewhereIsNotMissed() {
        Roll roll = roll(Map.of(A1, "id-a", A2, "id-a"), new Node("id-a", "a", Role.WORKER, ""));
        roll.add(A1, new Answer.Down("connection refused"));
        roll.add(A2, new Answer.Known(identity("a", Role.WORKER, "x", 1), 0));
        ClusterView view = roll.view(Optional.empty());
        assertThat(names(view)).containsExactly("a", "b");
        assertThat(view.absent()).isEmpty();
    }

    @Test
    void anIdentitySurvivesTheWire() {
        NodeIdentity identity = identity("a", Role.MANAGER, "x", 1_795_255_232_890L);
        String json =
                new String(
                        io.hostagent.core.json.JsonTree.write(IdentityJson.write(identity)),
                        java.nio.charset.StandardCharsets.UTF_8);
        assertThat(IdentityJson.read(json)).isEqualTo(identity);
    }
}
