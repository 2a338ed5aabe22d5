// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.mount;

import io.hostagent.core.host.Mount;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Where the mounts of one volume were seen, and which of them are a use of it. */
final class Sightings {

    private final Target target;
    private final List<Seen> all = new ArrayList<>();

    private record Seen(Namespaces.Look look, Mount mount) {}

    Sightings(Target target) {
        this.target = target;
    }

    void add(Namespaces.Look look, Mount mount) {
        all.add(new Seen(look, mount));
    }

    /**
     * All of them.
     *
     * @param own the namespace of this process
     */
    List<Found> found(String own, Namespaces namespaces) {
        Set<Integer> groups = groups(own);
        return all.stream()
                .map(
                        seen ->
                                new Found(
                                        seen.look().namespace(),
                                        seen.look().pid(),
                                        namespaces.command(seen.look().pid()),
                                        namespaces.container(seen.look().pid()),
                                        seen.mount(),
                                        !isOwn(seen, own) && !follows(seen, groups)))
                .toList();
    }

    private boolean isOwn(Seen seen, String own) {
        return target.isAtItsPoint(seen.mount()) && seen.look().namespace().equals(own);
    }

    private boolean follows(Seen seen, Set<Integer> groups) {
        return target.isAtItsPoint(seen.mount())
                && (groups.contains(seen.mount().spread().peers())
                        || groups.contains(seen.mount().spread().master()));
    }

    /** Those to which an unmount of the own mount spreads: its own, and what follows them. */
    private Set<Integer> groups(String own) {
        Set<Integer> groups = new HashSet<>();
        all.stream()
                .filter(seen -> isOwn(seen, own))
                .map(seen -> seen.mount().spread().peers())
                .filter(group -> group > 0)
                .forEach(groups::add);
        boolean grew = !groups.isEmpty();
        while (grew) {
            grew = false;
            for (Seen seen : all) {
                int group = seen.mount().spread().peers();
                grew |= group > 0 && follows(seen, groups) && groups.add(group);
            }
        }
        return groups;
    }
}
