// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.backend;

import java.nio.file.Path;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The folder of a volume in a pool, the same for every backend.
 *
 * @param path {@code POOL/ID}
 */
public record VolumeFolder(Path path) {

    /** What containers get of what is mounted. */
    public static final String DATA = "_data";

    /** Names the volume within what is mounted: a line with its ID. */
    public static final String IDENTITY = ".volume-id";

    private static final Pattern SNAPSHOT = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.:+-]{0,127}");

    /** The folder of a volume. */
    public static VolumeFolder of(Path pool, UUID id) {
        return new VolumeFolder(pool.resolve(id.toString()));
    }

    /** Who owns the bytes, see {@code marker}. */
    public Path marker() {
        return path.resolve(".vol.json");
    }

    /** The bytes of a backend that keeps a tree of files: a folder, or a subvolume. */
    public Path tree() {
        return path.resolve("tree");
    }

    /** The bytes of a backend that keeps an image. */
    public Path image() {
        return path.resolve("image");
    }

    /** Where snapshots are, each by its name. */
    public Path snapshots() {
        return path.resolve("snapshots");
    }

    /**
     * Where one snapshot is.
     *
     * @throws IllegalArgumentException when that is no name for one
     */
    public Path snapshot(String name) {
        if (!SNAPSHOT.matcher(name).matches() || name.endsWith(".tmp")) {
            throw new IllegalArgumentException("no name of a snapshot");
        }
        return snapshots().resolve(name);
    }
}
