// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.docker;

import io.hostagent.lab.DockerHost;

/** What the kernel of the engine's host knows about connections to the Docker socket. */
final class EngineSide {

    private EngineSide() {}

    /**
     * Connections that the engine has accepted and not closed, whether on its own initiative or
     * because its client is gone: lines of {@code /proc/net/unix} in the host's network namespace
     * in the state "connected" with the socket's name.
     */
    static long connections(DockerHost host) {
        return host.exec("cat", "/proc/net/unix")
                .orThrow()
                .out()
                .lines()
                .filter(line -> line.endsWith("docker.sock"))
                .filter(line -> line.trim().split(" +", -1)[5].equals("03"))
                .count();
    }
}
