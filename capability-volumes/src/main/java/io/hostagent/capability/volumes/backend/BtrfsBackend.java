// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.backend;

import io.hostagent.capability.volumes.tool.Tool;
import io.hostagent.capability.volumes.tool.ToolException;
import io.hostagent.capability.volumes.tool.Tools;
import io.hostagent.capability.volumes.volume.BackendKind;
import io.hostagent.capability.volumes.volume.VolumeSpec;
import io.hostagent.core.host.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Keeps volumes as subvolumes of a btrfs file system. Snapshots share the bytes with the volume.
 *
 * <p>A limit counts all that a volume refers to, whether a snapshot shares it or not. A subvolume
 * that a container makes within its volume is not counted, and not part of a snapshot.
 */
public final class BtrfsBackend extends TreeBackend {

    private static final String BTRFS = "btrfs";

    /** The number that the root of each subvolume has, and nothing else. */
    private static final String SUBVOLUME_ROOT = "256";

    /** Before the name of a subvolume within a volume, in a list of btrfs. */
    private static final String IN_TREE = "/tree/";

    /** Of the subvolumes that stand in the way. */
    private static final int NAMED = 3;

    private final QuotaGroups quotas;

    public BtrfsBackend(Path pool, Tools tools) {
        super(pool, tools);
        quotas = new QuotaGroups(pool(), tools);
    }

    @Override
    public BackendKind kind() {
        return BackendKind.BTRFS;
    }

    @Override
    public Probe probe() {
        try {
            Pool pool = Pool.of(pool());
            if (!pool.type().equals(BTRFS)) {
                return Probe.missing(
                        pool()
                                + " is on "
                                + pool.type()
                                + ": put the pool on a btrfs file system, or use the backend loop"
                                + " or directory");
            }
            Optional<String> missing =
                    tools.missing(
                            Tool.BTRFS, Tool.MOUNT, Tool.UMOUNT, Tool.RM, Tool.FIND, Tool.SYNC);
            return missing.isPresent()
                    ? Probe.missing(missing.get())
                    : pool.probe(
                            Probe.Limit.SOFT, Probe.Snapshots.COW, Probe.Exclusive.NAMESPACES, "");
        } catch (IOException e) {
            return Probe.missing(pool() + " cannot be used: " + e.getMessage());
        }
    }

    @Override
    public void resize(UUID id, VolumeSpec spec, long bytes, @Nullable Path attached)
            throws IOException {
        Path tree = tree(id);
        if (bytes > 0) {
            quotas.enable();
            folders.sync(tree);
        }
        limitTree(tree, bytes);
    }

    @Override
    public Usage usage(UUID id, VolumeSpec spec, @Nullable Path attached) throws IOException {
        Path tree = tree(id);
        Optional<QuotaGroups.Group> group = quotas.of(tree);
        return group.isPresent()
                ? new Usage(group.get().referenced(), group.get().limit())
                : new Usage(folders.bytes(tree), 0);
    }

    @Override
    public void destroy(UUID id) throws IOException {
        super.destroy(id);
        quotas.forgetStale();
    }

    @Override
    void makeTree(Path tree, VolumeSpec spec) throws IOException {
        tools.run(Tool.BTRFS, "subvolume", "create", "--", tree.toString());
        limitTree(tree, spec.size());
    }

    @Override
    void freezeTree(Path tree, Path snapshot, boolean live) throws IOException {
        tools.run(
                Tools.LONG,
                Tool.BTRFS,
                "subvolume",
                "snapshot",
                "-r",
                "--",
                tree.toString(),
                snapshot.toString());
    }

    @Override
    void thawTree(Path snapshot, Path tree) throws IOException {
        tools.run(
                Tools.LONG,
                Tool.BTRFS,
                "subvolume",
                "snapshot",
                "--",
                snapshot.toString(),
                tree.toString());
    }

    @Override
    void verifyReplaceable(Path tree) throws IOException {
        List<String> within =
                tools.run(Tool.BTRFS, "subvolume", "list", "-o", "--", tree.toString())
                        .lines()
                        .map(line -> line.substring(line.indexOf(IN_TREE) + IN_TREE.length()))
                        .limit(NAMED + 1L)
                        .toList();
        if (!within.isEmpty()) {
            throw new RefusedException(
                    "the volume has subvolumes that are in no snapshot and would be lost: "
                            + String.join(", ", within.subList(0, Math.min(NAMED, within.size())))
                            + (within.size() > NAMED ? " and more" : "")
                            + "; delete them, or copy them elsewhere, first");
        }
    }

    @Override
    void deleteTree(Path tree) throws IOException {
        try {
            deleteSubvolume(tree);
        } catch (ToolException e) {
            if (!e.complaint().contains("not empty")) {
                throw e;
            }
            deleteWithin(tree);
            deleteSubvolume(tree);
        }
    }

    @Override
    void limitTree(Path tree, long bytes) throws IOException {
        if (bytes > 0) {
            quotas.enable();
            long used = quotas.of(tree).map(QuotaGroups.Group::referenced).orElse(0L);
            if (bytes < used) {
                throw new RefusedException(
                        "a limit of "
                                + bytes
                                + " bytes is below the "
                                + used
                                + " that the volume holds: choose a greater one");
            }
        }
        quotas.limit(tree, bytes);
    }

    @Override
    void inheritLimit(Path tree, Path heir) throws IOException {
        quotas.limit(heir, quotas.of(tree).map(QuotaGroups.Group::limit).orElse(0L));
    }

    @Override
    long snapshotBytes(Path snapshot) {
        try {
            return quotas.of(snapshot).map(QuotaGroups.Group::exclusive).orElse(-1L);
        } catch (IOException _) {
            return -1;
        }
    }

    /** What a crash left may be a plain folder, too. */
    private void deleteSubvolume(Path tree) throws IOException {
        if (isSubvolume(tree)) {
            tools.run(
                    Tools.LONG,
                    Tool.BTRFS,
                    "subvolume",
                    "delete",
                    "--commit-after",
                    "--",
                    tree.toString());
        } else {
            folders.delete(tree);
        }
    }

    /** Deletes the subvolumes that containers have made in a tree, the innermost first. */
    private void deleteWithin(Path tree) throws IOException {
        String below = tree.toRealPath() + "/";
        if (Mount.own().stream().anyMatch(mount -> mount.point().startsWith(below))) {
            throw new BusyVolumeException("something is mounted below " + tree);
        }
        tools.run(
                Tools.LONG,
                Tool.FIND,
                tree.toString(),
                "-depth",
                "-mindepth",
                "1",
                "-type",
                "d",
                "-inum",
                SUBVOLUME_ROOT,
                "-exec",
                Tool.BTRFS.program(),
                "subvolume",
                "delete",
                "--",
                "{}",
                ";");
    }

    private static boolean isSubvolume(Path tree) throws IOException {
        return SUBVOLUME_ROOT.equals(Files.getAttribute(tree, "unix:ino").toString());
    }
}
