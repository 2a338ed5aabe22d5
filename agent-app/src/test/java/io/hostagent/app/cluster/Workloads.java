// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.cluster;

import io.hostagent.lab.DockerHost;
import io.hostagent.lab.DockerSwarm;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/**
 * Containers that are on every node of a Swarm: one with a name that no other node has, and on the
 * workers one with the same name. They come back with their host.
 */
final class Workloads {

    /** A label that they and no others have. */
    static final String LABEL = "cluster-it";

    /** The name of a container on every worker. */
    static final String SAME = "same";

    private final DockerSwarm swarm;

    private Workloads(DockerSwarm swarm) {
        this.swarm = swarm;
    }

    static Workloads startOn(DockerSwarm swarm) {
        Workloads workloads = new Workloads(swarm);
        for (DockerHost host : swarm.hosts()) {
            workloads.namesOn(host).forEach(name -> start(host, name));
        }
        return workloads;
    }

    private static void start(DockerHost host, String name) {
        host.cli().run("rm", "--force", name).orThrow();
        String program = "echo this is " + host.name() + "; exec sleep 1000000";
        host.cli()
                .run(
                        "run",
                        "--detach",
                        "--restart=always",
                        "--name=" + name,
                        "--label=" + LABEL,
                        "--hostname=" + host.name(),
                        "lab/workload:1",
                        "sh",
                        "-c",
                        program)
                .orThrow();
    }

    /** The container that only this host has. */
    static String nameOn(DockerHost host) {
        return "work-" + host.name();
    }

    private List<String> namesOn(DockerHost host) {
        return swarm.workers().contains(host) ? List.of(nameOn(host), SAME) : List.of(nameOn(host));
    }

    /** What a list has that lacks no item of these hosts: each {@code NODE/NAME}, in order. */
    List<String> on(Collection<DockerHost> hosts) {
        List<String> items = new ArrayList<>();
        for (DockerHost host : hosts) {
            namesOn(host).forEach(name -> items.add(host.name() + "/" + name));
        }
        Collections.sort(items);
        return items;
    }
}
