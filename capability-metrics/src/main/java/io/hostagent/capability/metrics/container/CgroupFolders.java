// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where the files of one cgroup of version 1 are.
 *
 * @param controllers the folder of each controller that has it
 * @param pressure a folder of the unified tree; empty when there is no such tree
 */
record CgroupFolders(Map<String, Path> controllers, Optional<Path> pressure) {

    CgroupFolders {
        controllers = Map.copyOf(controllers);
    }

    Optional<Path> controller(String name) {
        return Optional.ofNullable(controllers.get(name));
    }
}
