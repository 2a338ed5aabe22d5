// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.docker;

import io.hostagent.lab.DockerHost;

/** What the kernel of the engine's host knows about the engine's connections. */
final class EngineSide {

    private EngineSide() {}

    /**
     * Sockets that the engine's process holds open: those to containerd, which stay, and one for
     * each client that it has not let go of.
     */
    static int sockets(DockerHost host) {
        String count = "ls -l /proc/$(cat /run/docker.pid)/fd | grep -c socket:";
        return Integer.parseInt(host.exec("sh", "-c", count).orThrow().out().strip());
    }
}
