// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Counts the IP packets that one agent receives and sends in the agents' network, and its questions
 * to the name server. The count begins anew with each container.
 */
final class PacketCount implements AutoCloseable {

    private static final Pattern COUNTED = Pattern.compile("-c (\\d+) \\d+");

    private final TaskContainer container;
    private final List<List<String>> rules = new ArrayList<>();

    private PacketCount(TaskContainer container) {
        this.container = container;
    }

    static PacketCount of(NodeAgent agent) {
        PacketCount count = new PacketCount(agent.container());
        String address = count.container.address(SwarmOfAgents.NETWORK);
        count.rule("filter", "INPUT", "--destination", address);
        count.rule("filter", "OUTPUT", "--source", address);
        // Before its port is changed to that of the engine's name server.
        count.rule("raw", "OUTPUT", "--destination", "127.0.0.11");
        return count;
    }

    /** A rule without a target counts and does nothing else. */
    private void rule(String table, String chain, String which, String address) {
        iptables(table, "--insert", chain, which, address);
        rules.add(List.of(table, chain, which, address));
    }

    private String iptables(String table, String... arguments) {
        List<String> line = new ArrayList<>(List.of("iptables", "--table", table));
        line.addAll(List.of(arguments));
        return container.inNetwork(line.toArray(String[]::new)).out();
    }

    /** Packets so far. */
    long packets() {
        return rules.stream()
                .map(rule -> iptables(rule.get(0), "-v", "--list-rules", rule.get(1), "1"))
                .flatMap(rule -> COUNTED.matcher(rule).results())
                .map(MatchResult::group)
                .mapToLong(PacketCount::number)
                .sum();
    }

    private static long number(String counted) {
        return Long.parseLong(counted.substring(3, counted.lastIndexOf(' ')));
    }

    @Override
    public void close() {
        for (List<String> rule : rules) {
            iptables(rule.get(0), "--delete", rule.get(1), rule.get(2), rule.get(3));
        }
    }
}
