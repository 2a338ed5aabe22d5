// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.tool;

/** The programs that the agent may start; there are no others. */
public enum Tool {
    CP("cp", "coreutils"),
    DU("du", "coreutils"),
    RM("rm", "coreutils"),
    SYNC("sync", "coreutils"),
    FIND("find", "findutils"),
    TAR("tar", "tar"),
    MOUNT("mount", "mount"),
    UMOUNT("umount", "mount"),
    LOSETUP("losetup", "mount"),
    FSFREEZE("fsfreeze", "util-linux"),
    BTRFS("btrfs", "btrfs-progs"),
    MKFS_EXT4("mkfs.ext4", "e2fsprogs"),
    E2FSCK("e2fsck", "e2fsprogs"),
    RESIZE2FS("resize2fs", "e2fsprogs"),
    TUNE2FS("tune2fs", "e2fsprogs"),
    MKFS_XFS("mkfs.xfs", "xfsprogs"),
    XFS_GROWFS("xfs_growfs", "xfsprogs"),
    XFS_ADMIN("xfs_admin", "xfsprogs");

    private final String program;
    private final String debianPackage;

    Tool(String program, String debianPackage) {
        this.program = program;
        this.debianPackage = debianPackage;
    }

    /** The name of its file. */
    public String program() {
        return program;
    }

    /** Says that it is not there, and what to do. */
    public String absence() {
        return program + " is not there: install the Debian package " + debianPackage;
    }
}
