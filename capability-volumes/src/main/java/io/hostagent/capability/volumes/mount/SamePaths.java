// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.mount;

import io.hostagent.core.host.Mount;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** An agent on the host or in a container: the engine takes a path as it is told. */
record SamePaths() implements EnginePaths {

    @Override
    public Optional<Path> of(Path point, List<Mount> own, List<Mount> engine) {
        return Optional.of(point);
    }

    @Override
    public boolean reach(Mount folder, List<Mount> engine, boolean together) {
        int group = folder.spread().peers();
        return together
                || (group > 0
                        && engine.stream()
                                .map(Mount::spread)
                                .anyMatch(
                                        theirs ->
                                                theirs.peers() == group
                                                        || theirs.master() == group));
    }

    @Override
    public String remedy(Path folder) {
        return "bind the folder with :rshared, at the same path as on the host (such as -v "
                + folder
                + ":"
                + folder
                + ":rshared), and have it shared there (mount --make-rshared /)";
    }
}
