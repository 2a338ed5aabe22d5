// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.backend;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hostagent.capability.volumes.volume.SnapshotName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

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

    private static final int IDENTITY_LENGTH = 64;

    /** The folder of a volume. */
    public static VolumeFolder of(Path pool, UUID id) {
        return new VolumeFolder(pool.resolve(id.toString()));
    }

    /**
     * Which volume's bytes a tree says that it has; empty when it does not say so.
     *
     * @param tree whole bytes of a volume or a snapshot, or where they are mounted
     */
    public static Optional<UUID> identity(Path tree) throws IOException {
        try (InputStream in =
                Files.newInputStream(tree.resolve(IDENTITY), LinkOption.NOFOLLOW_LINKS)) {
            return Optional.of(
                    UUID.fromString(new String(in.readNBytes(IDENTITY_LENGTH), UTF_8).strip()));
        } catch (NoSuchFileException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** Whether a tree says that it has the bytes of a volume. */
    public static boolean isOf(Path tree, UUID id) throws IOException {
        return identity(tree).filter(id::equals).isPresent();
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
        if (!SnapshotName.isValid(name)) {
            throw new IllegalArgumentException("no name of a snapshot");
        }
        return snapshots().resolve(name);
    }
}
