// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.backend;

import io.hostagent.capability.volumes.tool.Tool;
import io.hostagent.capability.volumes.tool.ToolException;
import io.hostagent.capability.volumes.tool.Tools;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;

/** See ext4(5). */
record Ext4() implements ImageFormat {

    private static final int MAGIC_AT = 1024 + 56;
    private static final int MAGIC = 0x53ef;

    /** {@code s_state} of the super block, and its flag EXT4_ERROR_FS. */
    private static final int STATE_AT = 1024 + 58;

    private static final int HAS_ERRORS = 2;

    /** What e2fsck says when all is well again. */
    private static final int REPAIRED = 1;

    @Override
    public String type() {
        return "ext4";
    }

    @Override
    public long least() {
        return 8L << 20;
    }

    @Override
    public List<Tool> needs() {
        return List.of(Tool.MKFS_EXT4, Tool.E2FSCK, Tool.RESIZE2FS, Tool.TUNE2FS);
    }

    @Override
    public boolean isIn(RandomAccessFile file) throws IOException {
        file.seek(MAGIC_AT);
        return file.readUnsignedShort() == MAGIC;
    }

    @Override
    public String options() {
        return "nodev,discard,errors=remount-ro";
    }

    @Override
    public String buildOptions() {
        return options();
    }

    @Override
    public String snapshotOptions() {
        return "ro,noload,nodev";
    }

    @Override
    public void format(Tools tools, Path image, String label) throws IOException {
        // No room is kept for root. With the seed a copy can have another UUID. Blocks are those of
        // a large file system, since a small one may become large.
        tools.run(
                Tools.LONG,
                Tool.MKFS_EXT4,
                "-q",
                "-F",
                "-m0",
                "-b4096",
                "-L" + label,
                "-Ometadata_csum_seed",
                "-Elazy_itable_init=1,lazy_journal_init=1,nodiscard",
                "--",
                image.toString());
    }

    @Override
    public boolean hasErrors(Path image) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "r")) {
            file.seek(STATE_AT);
            // Numbers are little-endian there: the low byte comes first.
            return (file.readUnsignedByte() & HAS_ERRORS) != 0;
        }
    }

    @Override
    public void repair(Tools tools, String device, IOException why) throws IOException {
        try {
            check(tools, "-p", device);
        } catch (ToolException e) {
            why.addSuppressed(e);
            throw ImageFormat.damaged(why, "e2fsck -f");
        }
    }

    @Override
    public void grow(Tools tools, String device, Path point) throws IOException {
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
    public boolean growUnmounted(Tools tools, Path image) throws IOException {
        check(tools, "-fp", image.toString());
        tools.run(Tools.LONG, Tool.RESIZE2FS, image.toString());
        return true;
    }

    @Override
    public void rename(Tools tools, Path image, String label) throws IOException {
        tools.run(Tool.TUNE2FS, "-Urandom", "-L" + label, "--", image.toString());
    }

    private static void check(Tools tools, String how, String device) throws IOException {
        try {
            tools.run(Tools.LONG, Tool.E2FSCK, how, device);
        } catch (ToolException e) {
            if (e.exit() != REPAIRED) {
                throw e;
            }
        }
    }
}
