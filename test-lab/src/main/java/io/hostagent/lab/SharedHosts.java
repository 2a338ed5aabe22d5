// SPDX-License-Identifier: Apache-2.0
package io.hostagent.lab;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The hosts that all tests of this process share. Kept hosts have other names than those that go
 * with the process, so that a run without LAB_KEEP cannot take a developer's engine away.
 */
final class SharedHosts implements AutoCloseable {

    private final boolean keep = Lab.keepsHosts();
    private final Lab lab = Lab.open();
    private final Map<String, DockerHost> hosts = new HashMap<>();
    private final Map<String, DockerSwarm> swarms = new HashMap<>();
    private final Set<DockerHost> withBaseImages = new HashSet<>();

    synchronized DockerHost engine(LabEngine wanted) {
        DockerHost host = start((keep ? "e" : "t") + wanted.value(), wanted.value());
        if (wanted.baseImages()) {
            loadBaseImages(host);
        }
        return host;
    }

    synchronized DockerSwarm swarm(LabSwarm wanted) {
        String prefix =
                "%s%s-%d%d-"
                        .formatted(
                                keep ? "k" : "s",
                                wanted.engine(),
                                wanted.hosts(),
                                wanted.managers());
        DockerSwarm swarm = swarms.get(prefix);
        if (swarm == null) {
            List<DockerHost> nodes = new ArrayList<>();
            for (int i = 1; i <= wanted.hosts(); i++) {
                nodes.add(start(prefix + i, wanted.engine()));
            }
            swarm = lab.swarm(nodes, wanted.managers());
            swarms.put(prefix, swarm);
        }
        if (wanted.baseImages()) {
            swarm.hosts().forEach(this::loadBaseImages);
        }
        return swarm;
    }

    private DockerHost start(String name, String engine) {
        DockerHost known = hosts.get(name);
        if (known != null) {
            return known;
        }
        DockerHost host = keep ? lab.start(name, engine, "--reuse") : lab.start(name, engine);
        hosts.put(name, host);
        lab.loadWorkloadImage(host);
        return host;
    }

    private void loadBaseImages(DockerHost host) {
        if (withBaseImages.add(host)) {
            lab.loadBaseImages(host);
        }
    }

    @Override
    public synchronized void close() {
        if (!keep) {
            hosts.values().forEach(lab::remove);
        }
    }
}
