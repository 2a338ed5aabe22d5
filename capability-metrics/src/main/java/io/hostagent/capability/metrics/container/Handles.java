// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import io.hostagent.core.docker.ContainerDetails;
import io.hostagent.core.docker.ContainerId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A handle for each container that runs. For the thread that scrapes. */
final class Handles {

    private final Descriptors descriptors;
    private final Map<ContainerId, ContainerHandle> handles = new HashMap<>();

    Handles(Descriptors descriptors) {
        this.descriptors = descriptors;
    }

    /** Makes them those of the containers that run now, and closes what has ended. */
    List<ContainerHandle> follow(Collection<ContainerDetails> containers) {
        Set<ContainerId> there = HashSet.newHashSet(containers.size());
        for (ContainerDetails details : containers) {
            ContainerId id = details.container().id();
            there.add(id);
            ContainerHandle handle = handles.get(id);
            if (handle == null) {
                handles.put(id, new ContainerHandle(details));
            } else if (handle.isSameStart(details)) {
                handle.update(details);
            } else {
                handle.close(descriptors);
                handles.put(id, new ContainerHandle(details));
            }
        }
        handles.entrySet()
                .removeIf(
                        entry -> {
                            boolean gone = !there.contains(entry.getKey());
                            if (gone) {
                                entry.getValue().close(descriptors);
                            }
                            return gone;
                        });
        return List.copyOf(handles.values());
    }

    /** Closes all of them. */
    void close() {
        follow(List.of());
    }
}
