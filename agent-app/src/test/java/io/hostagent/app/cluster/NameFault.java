// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.cluster;

import io.hostagent.lab.RunningCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names are late or wrong in one container: its questions go to a {@link NameServer} in its own
 * network instead of the engine's. It ends when it is closed.
 */
final class NameFault implements AutoCloseable {

    private static final int PORT = 5300;
    private static final Duration READY = Duration.ofSeconds(20);

    private final TaskContainer container;
    private final RunningCommand server;
    private final String target;

    private NameFault(TaskContainer container, RunningCommand server, String target) {
        this.container = container;
        this.server = server;
        this.target = target;
    }

    /** Each answer comes after a delay. */
    static NameFault late(TaskContainer container, Duration delay) {
        return of(container, delay, List.of());
    }

    /** The names of a service's tasks have these addresses. */
    static NameFault wrong(TaskContainer container, List<String> addresses) {
        return of(container, Duration.ZERO, addresses);
    }

    private static NameFault of(TaskContainer container, Duration delay, List<String> addresses) {
        List<String> line = new ArrayList<>(Programs.java(NameServer.class));
        line.addAll(
                List.of(
                        Integer.toString(PORT),
                        Integer.toString(enginesPort(container)),
                        delay.toString()));
        line.addAll(addresses);
        RunningCommand server =
                container.host().startInNetworkOf(container.id(), line.toArray(String[]::new));
        server.awaitOut(out -> out.startsWith("ready"), READY);
        NameFault fault = new NameFault(container, server, "127.0.0.1:" + PORT);
        fault.redirect("--insert");
        return fault;
    }

    /** Where the engine's own name server listens: it is reached by a rule from port 53. */
    private static int enginesPort(TaskContainer container) {
        String rules = container.inNetwork("iptables", "-t", "nat", "-S", "DOCKER_OUTPUT").out();
        Matcher rule =
                Pattern.compile("-p udp .*--dport 53 .*--to-destination 127\\.0\\.0\\.11:(\\d+)")
                        .matcher(rules);
        if (!rule.find()) {
            throw new AssertionError("no name server in " + rules);
        }
        return Integer.parseInt(rule.group(1));
    }

    private void redirect(String action) {
        container.inNetwork(
                "iptables",
                "-t",
                "nat",
                action,
                "OUTPUT",
                "--destination",
                "127.0.0.11",
                "--protocol",
                "udp",
                "--dport",
                "53",
                "--jump",
                "DNAT",
                "--to-destination",
                target);
    }

    @Override
    public void close() {
        try {
            redirect("--delete");
        } finally {
            server.close();
        }
    }
}
