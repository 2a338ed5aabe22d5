// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.mount;

import io.hostagent.core.host.Mount;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An agent that is a managed plugin of the engine. Such a plugin has one folder, its {@code
 * propagatedMount}, that the engine shares with it; a path below that, and no other, the engine
 * takes for one below {@code plugins/ID/propagated-mount} in its own folder.
 *
 * @param folder the shared one, as this process sees it
 */
record PropagatedPaths(Path folder) implements EnginePaths {

    private static final Pattern SHARED = Pattern.compile("plugins/[0-9a-f]{64}/propagated-mount");
    private static final int NAMES = 3;

    @Override
    public Optional<Path> of(Path point, List<Mount> own, List<Mount> engine) {
        return Mount.at(own, folder.toString())
                .filter(shared -> point.startsWith(folder))
                .flatMap(shared -> inEngine(shared, engine))
                .map(there -> there.resolve(folder.relativize(point)));
    }

    @Override
    public boolean reach(Mount mount, List<Mount> engine, boolean together) {
        return mount.point().equals(folder.toString()) && inEngine(mount, engine).isPresent();
    }

    /**
     * Where the engine has the folder. It has to be this very plugin's, by its ID, and a peer, in
     * which the kernel repeats what is mounted here: any other folder would be no more than alike.
     */
    private static Optional<Path> inEngine(Mount shared, List<Mount> engine) {
        Path root = Path.of(shared.root());
        int names = root.getNameCount();
        if (names < NAMES || shared.spread().peers() == 0) {
            return Optional.empty();
        }
        Path tail = root.subpath(names - NAMES, names);
        if (!SHARED.matcher(tail.toString()).matches()) {
            return Optional.empty();
        }
        return engine.stream()
                .filter(theirs -> theirs.isSameAs(shared))
                .filter(theirs -> theirs.spread().peers() == shared.spread().peers())
                .map(theirs -> Path.of(theirs.point()))
                .filter(point -> point.endsWith(tail))
                .findFirst();
    }

    @Override
    public String remedy(Path below) {
        return "have "
                + folder
                + " (VOLUMES_PROPAGATED_PATH) be the propagatedMount of this plugin; an agent that"
                + " is no managed plugin has no such setting";
    }
}
