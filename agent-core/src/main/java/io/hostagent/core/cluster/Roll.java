// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.cluster;

import io.hostagent.core.cluster.Discovery.Found;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One roll call: who answered at which address, made into a view. Not thread-safe by itself. */
final class Roll {

    /** Outside of a container nobody else has to know where this agent is. */
    static final String NOWHERE = "127.0.0.1";

    private final Found found;
    private final String ownInstance;
    private final Function<PeerAddress, String> nodeAt;
    private final Map<String, Member> byNode = new HashMap<>();
    private final Map<PeerAddress, String> down = new LinkedHashMap<>();
    private @Nullable NodeIdentity self;
    private @Nullable PeerAddress ownAddress;

    /**
     * Begins.
     *
     * @param nodeAt what to call a node of which nothing but its address is known now
     */
    Roll(Found found, String ownInstance, Function<PeerAddress, String> nodeAt) {
        this.nodeAt = nodeAt;
        this.found = found;
        this.ownInstance = ownInstance;
    }

    void self(NodeIdentity identity) {
        self = identity;
    }

    synchronized void add(PeerAddress address, Identities.Answer said) {
        switch (said) {
            case Identities.Answer.Known(NodeIdentity identity, long at) -> add(address, identity);
            case Identities.Answer.Down(String why) -> down.put(address, why);
        }
    }

    private void add(PeerAddress address, NodeIdentity identity) {
        if (identity.instance().equals(ownInstance)) {
            ownAddress = address;
            return;
        }
        // During an update a node can have two agents for a moment.
        byNode.merge(
                identity.nodeId(),
                new Member(identity, address, false),
                (one, other) ->
                        one.identity().started() >= other.identity().started() ? one : other);
    }

    /** Where the others find this agent, if it met itself. */
    synchronized Optional<PeerAddress> ownAddress() {
        return Optional.ofNullable(ownAddress);
    }

    synchronized ClusterView view(Optional<PeerAddress> own) {
        Map<String, Discovery.Node> expected = new HashMap<>();
        found.nodes().forEach(node -> expected.put(node.id(), node));
        List<Member> members = new ArrayList<>();
        Set<String> present = new HashSet<>();
        NodeIdentity here = self;
        if (here != null) {
            PeerAddress address = own.orElseGet(() -> new PeerAddress(NOWHERE, here.port()));
            members.add(new Member(withRole(here, expected), address, true));
            present.add(here.nodeId());
            byNode.remove(here.nodeId());
        }
        for (Member member : byNode.values()) {
            present.add(member.identity().nodeId());
            members.add(new Member(withRole(member.identity(), expected), member.address(), false));
        }
        return new ClusterView(members, absent(expected, present));
    }

    /**
     * A node takes a manager's requests when its own engine and the Swarm both say so: a promotion
     * is decided before it is done, and so is a demotion.
     */
    private static NodeIdentity withRole(
            NodeIdentity identity, Map<String, Discovery.Node> expected) {
        Discovery.Node node = expected.get(identity.nodeId());
        return node == null || node.role() == Role.MANAGER ? identity : identity.as(Role.WORKER);
    }

    private List<Absent> absent(Map<String, Discovery.Node> expected, Set<String> present) {
        Map<String, Absent> absent = new LinkedHashMap<>();
        down.forEach(
                (address, why) -> {
                    String nodeId = found.addresses().getOrDefault(address, "");
                    if (!present.contains(nodeId) || nodeId.isEmpty()) {
                        Discovery.Node node = expected.get(nodeId);
                        String name = node == null ? nodeAt.apply(address) : node.name();
                        absent.put(name, new Absent(name, address, why));
                    }
                });
        for (Discovery.Node node : found.nodes()) {
            if (!present.contains(node.id())) {
                String why =
                        node.problem().isEmpty() ? "it has no agent that answers" : node.problem();
                absent.putIfAbsent(node.name(), new Absent(node.name(), null, why));
            }
        }
        return new ArrayList<>(absent.values());
    }
}
