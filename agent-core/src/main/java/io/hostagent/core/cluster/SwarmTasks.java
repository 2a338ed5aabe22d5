// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.cluster;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a manager says of the tasks of the agents' service and of its nodes, put together to
 * addresses and to nodes that an agent is expected on.
 */
final class SwarmTasks {

    /** A task in these states has a process that may answer, be it healthy yet or not. */
    private static final Set<String> STARTED = Set.of("starting", "running");

    private final OwnService service;
    private final int port;
    private final Map<PeerAddress, String> addresses = new LinkedHashMap<>();
    private final Map<String, String> states = new HashMap<>();

    private SwarmTasks(OwnService service, int port) {
        this.service = service;
        this.port = port;
    }

    /**
     * Reads both answers of a manager.
     *
     * @param tasks of {@code GET /tasks}, of this service, that are meant to run
     * @param nodes of {@code GET /nodes}
     */
    static Discovery.Found read(OwnService service, int port, String tasks, String nodes) {
        SwarmTasks read = new SwarmTasks(service, port);
        List<Document> swarm = Document.read(nodes).items();
        Map<String, String> hosts = new HashMap<>();
        swarm.forEach(node -> hosts.put(node.text("ID"), node.text("Status", "Addr")));
        Document.read(tasks).items().forEach(task -> read.task(task, hosts));
        List<Discovery.Node> expected = new ArrayList<>();
        swarm.forEach(node -> read.node(node, expected));
        return new Discovery.Found(read.addresses, expected);
    }

    private void task(Document task, Map<String, String> hosts) {
        String nodeId = task.text("NodeID");
        String state = task.text("Status", "State");
        if (nodeId.isEmpty()) {
            return;
        }
        if (!STARTED.contains(state)) {
            states.putIfAbsent(nodeId, state);
            return;
        }
        states.put(nodeId, "");
        if (service.hostNetwork()) {
            add(hosts.getOrDefault(nodeId, ""), nodeId);
            return;
        }
        for (Document attachment : task.items("NetworksAttachments")) {
            if (service.networkIds().contains(attachment.text("Network", "ID"))) {
                // One address will do: another network would be another way to the same agent.
                attachment.items("Addresses").stream()
                        .limit(1)
                        .forEach(address -> add(withoutMask(address.text()), nodeId));
                return;
            }
        }
    }

    private static String withoutMask(String address) {
        int slash = address.indexOf('/');
        return slash < 0 ? address : address.substring(0, slash);
    }

    private void add(String host, String nodeId) {
        if (!host.isEmpty()) {
            addresses.put(new PeerAddress(host, port), nodeId);
        }
    }

    /** A node that is up and was given no task is one that the service is not meant for. */
    private void node(Document node, List<Discovery.Node> expected) {
        String id = node.text("ID");
        String state = node.text("Status", "State");
        boolean up = state.equals("ready");
        String task = states.get(id);
        if (up && task == null) {
            return;
        }
        String problem = "";
        if (!up) {
            problem = "the Swarm says that the node is " + state;
        } else if (task != null && !task.isEmpty()) {
            problem = "its agent is " + task;
        }
        expected.add(
                new Discovery.Node(
                        id,
                        node.text("Description", "Hostname"),
                        Role.of(node.text("Spec", "Role")),
                        problem));
    }
}
