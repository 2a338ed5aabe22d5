// SPDX-License-Identifier: Apache-2.0
package io.hostagent.lab;

import java.util.List;

/**
 * Hosts that are nodes of one Swarm.
 *
 * @param hosts the managers first
 * @param managers how many of them are managers
 */
public record DockerSwarm(List<DockerHost> hosts, int managers) {

    public DockerSwarm {
        hosts = List.copyOf(hosts);
    }

    /** The first manager. */
    public DockerHost manager() {
        return hosts.getFirst();
    }

    /** The nodes that are not managers. */
    public List<DockerHost> workers() {
        return hosts.subList(managers, hosts.size());
    }
}
