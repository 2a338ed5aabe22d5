// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.kernel;

import io.hostagent.core.capability.Need.Absence;
import io.hostagent.core.host.HostRoot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the host's own files are to be read. In a container {@code /proc} and {@code /sys} tell the
 * truth of what the machine has once, such as processors, memory and PCI devices, and that of the
 * container of what each namespace has for itself: its host name, network and mounts.
 *
 * @param proc for what the machine has once
 * @param sys for what the machine has once; below the host's root it also shows the host's network
 *     interfaces, since a mount of sysfs belongs to the network in which it was made
 * @param root of the host's files
 * @param first the folder of the host's first process, for its mounts and its network
 * @param missing why there is no root, or no first process
 */
public record HostFiles(
        Path proc, Path sys, Optional<Path> root, Optional<Path> first, Optional<Absence> missing) {

    private static final Absence NO_PROC =
            new Absence(
                    "the host's /proc cannot be read below the host's root",
                    "mount the root with all that is mounted below it: -v /:/host:ro");

    /** Those of a host whose root is here, or is not; it blocks as asking for the root does. */
    public static HostFiles of(HostRoot hostRoot) {
        Path own = hostRoot.agentRoot();
        Optional<Path> root = hostRoot.path();
        Optional<Path> proc =
                root.map(path -> path.resolve("proc"))
                        .filter(folder -> Files.isReadable(folder.resolve("1/mountinfo")));
        return new HostFiles(
                proc.orElse(own.resolve("proc")),
                root.map(path -> path.resolve("sys"))
                        .filter(folder -> Files.isDirectory(folder.resolve("devices/system")))
                        .orElse(own.resolve("sys")),
                root,
                proc.map(folder -> folder.resolve("1")),
                root.isEmpty()
                        ? hostRoot.missing()
                        : proc.isEmpty() ? Optional.of(NO_PROC) : Optional.empty());
    }

    /** What a small file of the host says, its links followed below the host's root. */
    public @Nullable String text(String path) {
        return root.flatMap(folder -> RootedPath.resolve(folder, path))
                .filter(Files::isRegularFile)
                .map(KernelFile::text)
                .orElse(null);
    }
}
