// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.mount;

import io.hostagent.core.host.Mount;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
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
 * goes when the agent's goes. A copy that does not spread any more, such as one in a namespace that
 * was made private, keeps a volume in use; so does every mount at another place. A namespace that
 * has no process, because only an open file keeps it, is not found. Everything blocks.
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
     * @throws IOException when the processes of this host cannot be listed
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
            for (Mount mount : mounts(look.mountinfo(), byDevice.keySet())) {
                for (Target target : byDevice.getOrDefault(mount.device(), List.of())) {
                    if (target.isShownBy(mount)) {
                        sightings.computeIfAbsent(target, Sightings::new).add(look, mount);
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

    /** A host with many containers has thousands of mounts, and few of them on these devices. */
    private static List<Mount> mounts(String mountinfo, Set<String> devices) {
        List<String> lines = new ArrayList<>();
        mountinfo.lines().filter(line -> devices.contains(device(line))).forEach(lines::add);
        return lines.isEmpty() ? List.of() : Mount.parse(String.join("\n", lines));
    }

    /** The third field of a line. */
    private static String device(String line) {
        int begin = line.indexOf(' ', line.indexOf(' ') + 1) + 1;
        int end = line.indexOf(' ', begin);
        return begin > 0 && end > begin ? line.substring(begin, end) : "";
    }
}
