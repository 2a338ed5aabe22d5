// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import io.hostagent.core.kernel.KernelFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Where the cgroups of a host are mounted, usually at {@code /sys/fs/cgroup}: one tree of all
 * controllers (version 2), a tree for each (version 1), or both (hybrid), where the one tree has
 * nothing but pressure to tell.
 *
 * @param mount the folder with all of it
 * @param unified the one tree; empty on version 1
 * @param split whether the controllers have trees of their own
 */
record CgroupTree(Path mount, Optional<Path> unified, boolean split) {

    private static final String MARK = "cgroup.controllers";

    /** In the order in which a container is looked for: any of them may not be there. */
    private static final List<String> CONTROLLERS =
            List.of("memory", "cpuacct", "cpu", "blkio", "pids");

    /** Looks at a folder; empty when there are no cgroups in it. */
    static Optional<CgroupTree> at(Path mount) {
        if (Files.exists(mount.resolve(MARK))) {
            return Optional.of(new CgroupTree(mount, Optional.of(mount), false));
        }
        Path unified = mount.resolve("unified");
        CgroupTree tree =
                new CgroupTree(
                        mount,
                        Files.exists(unified.resolve(MARK))
                                ? Optional.of(unified)
                                : Optional.empty(),
                        true);
        return tree.roots().isEmpty() ? Optional.empty() : Optional.of(tree);
    }

    /** The roots of the trees in which containers are looked for. */
    List<Path> roots() {
        if (!split) {
            return unified.stream().toList();
        }
        return CONTROLLERS.stream().map(this::root).flatMap(Optional::stream).distinct().toList();
    }

    /** The root of a controller's tree; empty when the kernel has it not, or not here. */
    Optional<Path> root(String controller) {
        if (!split) {
            return unified;
        }
        Path plain = mount.resolve(controller);
        if (Files.isDirectory(plain)) {
            return Optional.of(plain);
        }
        // Some have cpu,cpuacct without the links of the single names.
        List<Path> shared = new ArrayList<>(KernelFile.entries(mount));
        shared.removeIf(
                folder -> !Arrays.asList(KernelFile.name(folder).split(",")).contains(controller));
        return shared.stream().findFirst();
    }

    /** The folder of a controller for a path below its root; empty when there is none. */
    Optional<Path> folder(String controller, String path) {
        return root(controller).map(root -> below(root, path)).filter(Files::isDirectory);
    }

    /** The folder in which pressure is told of a path; empty when nowhere. */
    Optional<Path> pressure(String path) {
        return unified.map(root -> below(root, path)).filter(Files::isDirectory);
    }

    static Path below(Path root, String path) {
        return root.resolve(path.substring(1));
    }
}
