// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.backend;

import io.hostagent.capability.volumes.tool.Tool;
import io.hostagent.capability.volumes.tool.ToolException;
import io.hostagent.capability.volumes.tool.Tools;
import io.hostagent.capability.volumes.volume.FileSystemType;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.UUID;

/** The file systems that an image can have. */
enum ImageFormat {
    EXT4("ext4", 8L << 20) {
        @Override
        Tool[] needs() {
            return new Tool[] {Tool.MKFS_EXT4, Tool.E2FSCK, Tool.RESIZE2FS, Tool.TUNE2FS};
        }

        @Override
        void format(Tools tools, Path image, String label) throws IOException {
            // No room is kept for root. A seed of its own lets a copy have another UUID.
            tools.run(
                    Tools.LONG,
                    Tool.MKFS_EXT4,
                    "-q",
                    "-F",
                    "-m",
                    "0",
                    "-L",
                    label,
                    "-O",
                    "metadata_csum_seed",
                    "-E",
                    "lazy_itable_init=1,lazy_journal_init=1,nodiscard",
                    "--",
                    image.toString());
        }

        @Override
        String options() {
            return "nodev,discard,errors=remount-ro";
        }

        @Override
        String buildOptions() {
            return options();
        }

        @Override
        String snapshotOptions() {
            return "ro,noload,nodev";
        }

        @Override
        void repair(Tools tools, String device, ToolException why) throws IOException {
            try {
                tools.run(Tools.LONG, Tool.E2FSCK, "-p", device);
            } catch (ToolException e) {
                if (e.exit() != REPAIRED) {
                    why.addSuppressed(e);
                    throw damaged(why, "e2fsck -f");
                }
            }
        }

        @Override
        void grow(Tools tools, String device, Path point) throws IOException {
            try {
                tools.run(Tools.LONG, Tool.RESIZE2FS, device);
            } catch (ToolException e) {
                if (e.complaint().contains("Permission denied")) {
                    throw new IOException(
                            "ext4 that is mounted grows for a process with CAP_SYS_RESOURCE alone:"
                                    + " give it to the agent's container, or stop those who use the"
                                    + " volume first",
                            e);
                }
                throw e;
            }
        }

        @Override
        boolean growUnmounted(Tools tools, Path image) throws IOException {
            try {
                tools.run(Tools.LONG, Tool.E2FSCK, "-f", "-p", image.toString());
            } catch (ToolException e) {
                if (e.exit() != REPAIRED) {
                    throw e;
                }
            }
            tools.run(Tools.LONG, Tool.RESIZE2FS, image.toString());
            return true;
        }

        @Override
        void rename(Tools tools, Path image, String label) throws IOException {
            tools.run(Tool.TUNE2FS, "-U", "random", "-L", label, "--", image.toString());
        }
    },

    XFS("xfs", 300L << 20) {
        @Override
        Tool[] needs() {
            return new Tool[] {Tool.MKFS_XFS, Tool.XFS_GROWFS, Tool.XFS_ADMIN};
        }

        @Override
        void format(Tools tools, Path image, String label) throws IOException {
            tools.run(
                    Tools.LONG,
                    Tool.MKFS_XFS,
                    "-q",
                    "-f",
                    "-K",
                    "-L",
                    label,
                    "--",
                    image.toString());
        }

        @Override
        String options() {
            return "nodev,discard";
        }

        @Override
        String buildOptions() {
            return "nodev,discard,nouuid";
        }

        @Override
        String snapshotOptions() {
            return "ro,norecovery,nouuid,nodev";
        }

        @Override
        void repair(Tools tools, String device, ToolException why) throws IOException {
            throw damaged(why, "xfs_repair");
        }

        @Override
        void grow(Tools tools, String device, Path point) throws IOException {
            tools.run(Tools.LONG, Tool.XFS_GROWFS, "--", point.toString());
        }

        @Override
        boolean growUnmounted(Tools tools, Path image) {
            return false;
        }

        @Override
        void rename(Tools tools, Path image, String label) throws IOException {
            // It ends well even when it has done nothing.
            String said =
                    tools.run(
                            Tool.XFS_ADMIN, "-U", "generate", "-L", label, "--", image.toString());
            if (!said.contains("new UUID")) {
                throw new IOException(image + " could not be given another UUID: " + said.strip());
            }
        }
    };

    /** What e2fsck says when all is well again. */
    private static final int REPAIRED = 1;

    private static final int EXT4_MAGIC_AT = 1024 + 56;
    private static final int EXT4_MAGIC = 0x53ef;
    private static final int XFS_MAGIC = 0x58465342;

    private final String type;
    private final long least;

    ImageFormat(String type, long least) {
        this.type = type;
        this.least = least;
    }

    /** That of a new volume. */
    static ImageFormat of(FileSystemType type) {
        return switch (type) {
            case EXT4 -> EXT4;
            case XFS -> XFS;
        };
    }

    /** That of an image, as its first bytes tell. */
    static ImageFormat of(Path image) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "r")) {
            if (file.length() >= EXT4.least) {
                if (file.readInt() == XFS_MAGIC) {
                    return XFS;
                }
                file.seek(EXT4_MAGIC_AT);
                if (file.readUnsignedShort() == EXT4_MAGIC) {
                    return EXT4;
                }
            }
        }
        throw new IOException(image + " has neither ext4 nor xfs in it: it is damaged");
    }

    /** As {@code mount} calls it. */
    String type() {
        return type;
    }

    /** Refuses a size that is none, or in which there is no room for the file system itself. */
    void refuseLess(long size) throws IOException {
        if (size <= 0) {
            throw new IOException("a loop volume needs a size, such as size=10G");
        }
        if (size < least) {
            throw new IOException(
                    "a loop volume with " + type + " needs a size of at least " + least + " bytes");
        }
    }

    /** The programs without which there is none. */
    abstract Tool[] needs();

    /** The label of a volume's file system: what has room for 12 letters. */
    static String label(UUID id) {
        return "vol-" + id.toString().substring(0, 8);
    }

    static IOException damaged(ToolException why, String remedy) {
        return new IOException(
                "the file system cannot be mounted: "
                        + why.getMessage()
                        + "; have a copy of the image repaired with "
                        + remedy
                        + ", or restore a snapshot",
                why);
    }

    /** Makes the file system in a file that is new. */
    abstract void format(Tools tools, Path image, String label) throws IOException;

    /** With which a volume is mounted. */
    abstract String options();

    /** With which a copy is mounted that has the UUID of its origin still. */
    abstract String buildOptions();

    /** With which a snapshot is mounted that must not change by a bit. */
    abstract String snapshotOptions();

    /** Mends what could not be mounted, or says what people can do. */
    abstract void repair(Tools tools, String device, ToolException why) throws IOException;

    /** Grows to the size of the device while it is mounted. */
    abstract void grow(Tools tools, String device, Path point) throws IOException;

    /** Grows to the size of the image, unless it has to be mounted for that. */
    abstract boolean growUnmounted(Tools tools, Path image) throws IOException;

    /** Gives a file system that is not mounted a label, and a UUID that no other has. */
    abstract void rename(Tools tools, Path image, String label) throws IOException;
}
