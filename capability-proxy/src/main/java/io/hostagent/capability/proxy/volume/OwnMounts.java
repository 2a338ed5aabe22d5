// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.volume;

import io.hostagent.core.json.JsonTree;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What of the host this agent sees, and where.
 *
 * @param mounts of its container, the longest paths of the host first
 */
record OwnMounts(List<Mount> mounts) {

    /** Without a container everything is where it is. */
    static final OwnMounts NONE = new OwnMounts(List.of(new Mount(Path.of("/"), Path.of("/"))));

    /**
     * A mount.
     *
     * @param source on the host
     * @param destination in the container
     */
    record Mount(Path source, Path destination) {}

    OwnMounts {
        mounts =
                mounts.stream()
                        .sorted(
                                Comparator.comparingInt(
                                        (Mount mount) -> -mount.source().getNameCount()))
                        .toList();
    }

    /** Reads the engine's description of the agent's own container. */
    static OwnMounts read(@Nullable Object container) {
        return new OwnMounts(
                JsonTree.list(container, "Mounts").stream().flatMap(OwnMounts::mount).toList());
    }

    private static Stream<Mount> mount(@Nullable Object mount) {
        String source = Objects.requireNonNullElse(JsonTree.text(mount, "Source"), "");
        String destination = Objects.requireNonNullElse(JsonTree.text(mount, "Destination"), "");
        return source.startsWith("/") && destination.startsWith("/")
                ? Stream.of(new Mount(Path.of(source), Path.of(destination)))
                : Stream.empty();
    }

    /** Where a folder of the host is in here; empty when it is not. */
    Optional<Path> inside(String folder) {
        Path path = Path.of(folder).normalize();
        return mounts.stream()
                .filter(mount -> path.startsWith(mount.source()))
                .findFirst()
                .map(mount -> mount.destination().resolve(mount.source().relativize(path)));
    }
}
