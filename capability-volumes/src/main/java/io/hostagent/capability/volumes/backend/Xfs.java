// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.backend;

import io.hostagent.capability.volumes.tool.Tool;
import io.hostagent.capability.volumes.tool.Tools;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;

/** See xfs(5). The kernel mounts no two of the same UUID, unless it is told to. */
record Xfs() implements ImageFormat {

    private static final int MAGIC = 0x58465342;

    @Override
    public String type() {
        return "xfs";
    }

    @Override
    public long least() {
        return 300L << 20;
    }

    @Override
    public List<Tool> needs() {
        return List.of(Tool.MKFS_XFS, Tool.XFS_GROWFS, Tool.XFS_ADMIN);
    }

    @Override
    public boolean isIn(RandomAccessFile file) throws IOException {
        file.seek(0);
        return file.readInt() == MAGIC;
    }

    @Override
    public String options() {
        return "nodev,discard";
    }

    @Override
    public String buildOptions() {
        return "nodev,discard,nouuid";
    }

    @Override
    public String snapshotOptions() {
        return "ro,norecovery,nouuid,nodev";
    }

    @Override
    public void format(Tools tools, Path image, String label) throws IOException {
        tools.run(
                Tools.LONG, Tool.MKFS_XFS, "-q", "-f", "-K", "-L" + label, "--", image.toString());
    }

    @Override
    public void repair(Tools tools, String device, IOException why) throws IOException {
        throw ImageFormat.damaged(why, "xfs_repair");
    }

    @Override
    public void grow(Tools tools, String device, Path point) throws IOException {
        tools.run(Tools.LONG, Tool.XFS_GROWFS, "--", point.toString());
    }

    @Override
    public boolean growUnmounted(Tools tools, Path image) {
        return false;
    }

    @Override
    public void rename(Tools tools, Path image, String label) throws IOException {
        // It ends well even when it has done nothing.
        String said = tools.run(Tool.XFS_ADMIN, "-Ugenerate", "-L" + label, "--", image.toString());
        if (!said.contains("new UUID")) {
            throw new IOException(image + " could not be given another UUID: " + said.strip());
        }
    }
}
