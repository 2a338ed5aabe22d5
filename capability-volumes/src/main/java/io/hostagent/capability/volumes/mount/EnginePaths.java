// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.mount;

import io.hostagent.core.host.Mount;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** How the engine calls what this agent mounts. */
sealed interface EnginePaths permits SamePaths, PropagatedPaths {

    /**
     * Where the engine looks for what this agent has mounted at a path.
     *
     * @param own the mounts of this process
     * @param engine those of the engine
     * @return empty when the engine looks nowhere that can be told
     */
    Optional<Path> of(Path point, List<Mount> own, List<Mount> engine);

    /**
     * Whether the engine would see what is mounted in a folder.
     *
     * @param folder the mount of this process that the folder is in
     * @param together whether both are in one mount namespace
     */
    boolean reach(Mount folder, List<Mount> engine, boolean together);

    /** What to do when it does not see it. */
    String remedy(Path folder);
}
