// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.mount;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds the mounts of volumes in every namespace of this host. That is the truth about who uses a
 * volume, whatever an engine believes, and it works while the engine is away.
 *
 * <p>The agent's own mount is no use of a volume, and neither is what spread from it, since that
 * goes when the agent's goes; such a copy is at another path where a container has the whole host
 * below a folder. A copy that does not spread any more, such as one in a namespace that was made
 * private, keeps a volume in use; so does every mount that somebody made, and every one of a part
 * of a volume. A namespace that has no process, because only an open file keeps it, is not found.
 * Everything blocks.
 */
public final class MountScan {

    private final Namespaces namespaces;

    /** Looks at this host. */
    public MountScan() {
        this(Path.of("/proc"));
    }

    MountScan(Path proc) {
        namespaces = new Namespaces(proc);
    }

    /**
     * The mounts of one volume.
     *
     * @throws IOException when a process of this host cannot be looked at, so that it may be a user
     */
    public List<Found> of(Target target) throws IOException {
        return of(Set.of(target)).getOrDefault(target, List.of());
    }

    /** The mounts of several volumes, as of one; each namespace is looked at once. */
    public Map<Target, List<Found>> of(Collection<Target> targets) throws IOException {
        Map<String, List<Target>> byDevice =
                targets.stream().distinct().collect(Collectors.groupingBy(Target::device));
        Map<Target, Sightings> sightings = new LinkedHashMap<>();
        for (Namespaces.Look look : namespaces.all()) {
            for (MountTable.Node node : new MountTable(look.mountinfo()).on(byDevice.keySet())) {
                for (Target target : byDevice.getOrDefault(node.mount().device(), List.of())) {
                    if (target.isShownBy(node.mount())) {
                        sightings.computeIfAbsent(target, Sightings::new).add(look, node);
                    }
                }
            }
        }
        String own = namespaces.own();
        Map<Target, List<Found>> found = new LinkedHashMap<>();
        targets.forEach(target -> found.put(target, List.of()));
        sightings.forEach((target, seen) -> found.put(target, seen.found(own, namespaces)));
        return found;
    }
}
