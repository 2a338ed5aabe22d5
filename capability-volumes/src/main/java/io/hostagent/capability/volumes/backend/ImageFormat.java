// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.backend;

import io.hostagent.capability.volumes.tool.Tool;
import io.hostagent.capability.volumes.tool.Tools;
import io.hostagent.capability.volumes.volume.FileSystemType;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/** A file system that an image can have. */
sealed interface ImageFormat permits Ext4, Xfs {

    /** That of a new volume. */
    static ImageFormat of(FileSystemType type) {
        return switch (type) {
            case EXT4 -> new Ext4();
            case XFS -> new Xfs();
        };
    }

    /** That of an image, as its first bytes tell. */
    static ImageFormat of(Path image) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "r")) {
            for (ImageFormat format : List.of(new Ext4(), new Xfs())) {
                if (file.length() >= format.least() && format.isIn(file)) {
                    return format;
                }
            }
        }
        throw new IOException(image + " has neither ext4 nor xfs in it: it is damaged");
    }

    /** The label of a volume's file system: what has room for 12 letters. */
    static String label(UUID id) {
        return "vol-" + id.toString().substring(0, 8);
    }

    /** What people can do for a file system that the agent could not mend. */
    static IOException damaged(IOException why, String remedy) {
        return new IOException(
                "the file system cannot be mounted: "
                        + why.getMessage()
                        + "; have a copy of the image repaired with "
                        + remedy
                        + ", or restore a snapshot",
                why);
    }

    /** As {@code mount} calls it. */
    String type();

    /** The fewest bytes that an image of it has. */
    long least();

    /** The programs without which there is none. */
    List<Tool> needs();

    /** Whether a file begins as one. */
    boolean isIn(RandomAccessFile file) throws IOException;

    /** With which a volume is mounted. */
    String options();

    /** With which a copy is mounted that has the UUID of its origin still. */
    String buildOptions();

    /** With which a snapshot is mounted that must not change by a bit. */
    String snapshotOptions();

    /** Makes the file system in a file that is new. */
    void format(Tools tools, Path image, String label) throws IOException;

    /** Whether it says of itself that something went wrong while it was last mounted. */
    default boolean hasErrors(Path image) throws IOException {
        return false;
    }

    /** Mends what could not be mounted, or says what people can do. */
    void repair(Tools tools, String device, IOException why) throws IOException;

    /** Grows to the size of the device while it is mounted. */
    void grow(Tools tools, String device, Path point) throws IOException;

    /** Grows to the size of the image, and says no when it has to be mounted for that. */
    boolean growUnmounted(Tools tools, Path image) throws IOException;

    /** Gives a file system that is not mounted a label, and a UUID that no other has. */
    void rename(Tools tools, Path image, String label) throws IOException;

    /** Refuses a size that is none, or in which there is no room for the file system itself. */
    default void refuseLess(long size) throws IOException {
        if (size <= 0) {
            throw new IOException("a loop volume needs a size, such as size=10G");
        }
        if (size < least()) {
            throw new IOException(
                    "a loop volume with "
                            + type()
                            + " needs a size of at least "
                            + least()
                            + " bytes");
        }
    }
}
