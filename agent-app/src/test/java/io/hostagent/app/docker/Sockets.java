// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.docker;

import io.hostagent.app.fixture.RunningAgent;
import io.hostagent.lab.DockerHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** How many sockets a process holds open, as the kernel tells. */
final class Sockets {

    private Sockets() {}

    /** Those to containerd, which stay, and one for each client that the engine has not let go. */
    static int ofEngine(DockerHost host) {
        String count = "ls -l /proc/$(cat /run/docker.pid)/fd | grep -c socket:";
        return Integer.parseInt(host.exec("sh", "-c", count).orThrow().out().strip());
    }

    /** One for each client and one for each connection to the engine. */
    static int of(RunningAgent agent) throws IOException {
        try (Stream<Path> descriptors =
                Files.list(Path.of("/proc", String.valueOf(agent.pid()), "fd"))) {
            return (int) descriptors.filter(Sockets::isSocket).count();
        }
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException e) {
            // Closed while they were counted.
            return false;
        }
    }
}
