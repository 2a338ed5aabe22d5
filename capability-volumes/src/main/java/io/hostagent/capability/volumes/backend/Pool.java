// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.backend;

import io.hostagent.core.host.Mount;
import io.hostagent.core.kernel.FileSystemSpace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * The file system that a pool is on, or will be.
 *
 * @param type such as {@code ext4}
 */
record Pool(String type, long capacity, long free) {

    private static final Set<String> SHARES_BLOCKS = Set.of("btrfs", "xfs", "bcachefs");

    static Pool of(Path path) throws IOException {
        Path there = path;
        for (Path up = there.getParent(); !Files.exists(there) && up != null; up = up.getParent()) {
            there = up;
        }
        FileSystemSpace space = FileSystemSpace.of(there.toString());
        String type = Mounts.covering(there.toRealPath()).map(Mount::type).orElse("");
        return new Pool(type, space.totalBytes(), space.availableBytes());
    }

    /** A backend that works on it. */
    Probe probe(
            Probe.Limit limit, Probe.Snapshots snapshots, Probe.Exclusive exclusive, String note) {
        return new Probe(Optional.empty(), limit, snapshots, exclusive, type, capacity, free, note);
    }

    /** How copies of files are made there. */
    Probe.Snapshots copies() {
        return SHARES_BLOCKS.contains(type) ? Probe.Snapshots.COW : Probe.Snapshots.COPY;
    }
}
