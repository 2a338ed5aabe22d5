// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.mount;

import io.hostagent.core.host.Mount;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;

/** Where the mounts of one volume were seen, and which of them are a use of it. */
final class Sightings {

    private final Target target;
    private final List<Seen> all = new ArrayList<>();

    private record Seen(Namespaces.Look look, MountTable.Node node) {

        Mount mount() {
            return node.mount();
        }
    }

    /**
     * Mounts that have all that is mounted on them in common, and a folder of theirs.
     *
     * @param group as the kernel numbers it; see mount_namespaces(7)
     */
    private record Place(int group, String spot) {}

    Sightings(Target target) {
        this.target = target;
    }

    void add(Namespaces.Look look, MountTable.Node node) {
        all.add(new Seen(look, node));
    }

    /**
     * All of them.
     *
     * @param own the namespace of this process
     */
    List<Found> found(String own, Namespaces namespaces) {
        Set<Place> places = places(own);
        return all.stream()
                .map(
                        seen ->
                                new Found(
                                        seen.look().namespace(),
                                        seen.look().pid(),
                                        namespaces.command(seen.look().pid()),
                                        namespaces.container(seen.look().pid()),
                                        seen.mount(),
                                        !isOwn(seen, own) && !follows(seen, places)))
                .toList();
    }

    private boolean isOwn(Seen seen, String own) {
        return target.isAtItsPoint(seen.mount()) && seen.look().namespace().equals(own);
    }

    /**
     * Whether the kernel unmounts it together with the own mount. What a mount is mounted on
     * decides that, and not its path: an unmount spreads as the mount did. One with something below
     * stays.
     */
    private boolean follows(Seen seen, Set<Place> places) {
        return target.isWholeIn(seen.mount())
                && !seen.mount().spread().equals(Mount.Spread.PRIVATE)
                && !seen.node().carries()
                && (place(seen, Mount.Spread::peers).filter(places::contains).isPresent()
                        || place(seen, Mount.Spread::master).filter(places::contains).isPresent());
    }

    private static Optional<Place> place(Seen seen, ToIntFunction<Mount.Spread> group) {
        int number = seen.node().parent().map(Mount::spread).map(group::applyAsInt).orElse(0);
        return number == 0
                ? Optional.empty()
                : seen.node().spot().map(spot -> new Place(number, spot));
    }

    /** Those to which an unmount of the own mount spreads: its own, and what follows them. */
    private Set<Place> places(String own) {
        Set<Place> places = new HashSet<>();
        all.stream()
                .filter(seen -> isOwn(seen, own))
                .forEach(seen -> place(seen, Mount.Spread::peers).ifPresent(places::add));
        boolean grew = !places.isEmpty();
        while (grew) {
            grew = false;
            for (Seen seen : all) {
                Optional<Place> further = place(seen, Mount.Spread::peers);
                grew |= further.isPresent() && follows(seen, places) && places.add(further.get());
            }
        }
        return places;
    }
}
