// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.backend;

import io.hostagent.capability.volumes.tool.Tools;
import io.hostagent.capability.volumes.volume.VolumeSpec;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Keeps each volume as a tree of files in the pool, which is mounted by binding it.
 *
 * <p>A tree with its name is whole. What is being made has the name {@code tree.tmp}; what a
 * restore replaces is {@code tree.old} until the new one has the name. So after a crash it is plain
 * what is what. What changes a volume begins with {@link #settle}, under its lock; what only looks
 * at one never does, since a restore may be half done just then.
 */
abstract sealed class TreeBackend implements Backend permits DirectoryBackend, BtrfsBackend {

    private static final String REPLACED = "tree.old";

    final Folders folders;
    final Mounts mounts;
    final Tools tools;

    TreeBackend(Path pool, Tools tools) {
        folders = new Folders(pool.toAbsolutePath().normalize(), tools);
        mounts = new Mounts(tools);
        this.tools = tools;
    }

    /** Makes an empty tree. */
    abstract void makeTree(Path tree, VolumeSpec spec) throws IOException;

    /** Makes a snapshot of a tree. */
    abstract void freezeTree(Path tree, Path snapshot, boolean live) throws IOException;

    /** Makes a tree out of a snapshot. */
    abstract void thawTree(Path snapshot, Path tree) throws IOException;

    /** Deletes a tree or a snapshot. */
    abstract void deleteTree(Path tree) throws IOException;

    /** Gives a tree a limit. */
    abstract void limitTree(Path tree, long bytes) throws IOException;

    /** Gives a tree that shall replace another one its limit. */
    abstract void inheritLimit(Path tree, Path heir) throws IOException;

    /** The bytes of a snapshot, or -1. */
    abstract long snapshotBytes(Path snapshot);

    /** Makes sure that nothing is lost with a tree but what a snapshot can have. */
    void verifyReplaceable(Path tree) throws IOException {}

    /** Whether the pool is what it should be. */
    void verifyPool() throws IOException {}

    @Override
    public final Path pool() {
        return folders.pool();
    }

    @Override
    public void create(UUID id, VolumeSpec spec) throws IOException {
        verifyPool();
        refuseIfThere(id);
        Path tree = folders.make(id).tree();
        make(
                tree,
                half -> {
                    makeTree(half, spec);
                    Folders.fill(half, id, spec);
                });
    }

    @Override
    public boolean exists(UUID id) throws IOException {
        verifyPool();
        VolumeFolder folder = folders.of(id);
        return VolumeFolder.isOf(folder.tree(), id)
                || (!Files.exists(folder.tree()) && VolumeFolder.isOf(replaced(folder), id));
    }

    @Override
    public void attach(UUID id, VolumeSpec spec, Path point) throws IOException {
        mounts.bind(settled(id), point);
        mounts.verify(id, point);
    }

    @Override
    public void detach(UUID id, Path point) throws IOException {
        awaitAnswer();
        mounts.unmount(point);
    }

    @Override
    public void snapshot(UUID id, String name, @Nullable Path attached) throws IOException {
        Path tree = settled(id);
        Path snapshot = folders.newSnapshot(id, name);
        Path half = Folders.halfMade(snapshot);
        discard(half);
        // The time of a snapshot is that of its root, which is nobody's.
        Files.setLastModifiedTime(tree, FileTime.from(Instant.now()));
        Space.make(
                () -> {
                    freezeTree(tree, half, attached != null);
                    Folders.publish(half, snapshot);
                },
                () -> discard(half));
    }

    @Override
    public List<Snapshot> snapshots(UUID id) throws IOException {
        verifyPool();
        return folders.snapshots(id, this::snapshotBytes);
    }

    @Override
    public void deleteSnapshot(UUID id, String name) throws IOException {
        verifyPool();
        Path snapshot = folders.of(id).snapshot(name);
        Path half = Folders.halfMade(snapshot);
        discard(half);
        if (Files.exists(snapshot)) {
            Folders.publish(snapshot, half);
            discard(half);
        }
    }

    @Override
    public void restore(UUID id, String name) throws IOException {
        Path tree = settled(id);
        Path snapshot = folders.snapshot(id, name);
        verifyReplaceable(tree);
        Path half = Folders.halfMade(tree);
        Space.make(
                () -> {
                    thawTree(snapshot, half);
                    inheritLimit(tree, half);
                    folders.sync(half);
                },
                () -> discard(half));
        Path old = replaced(folders.of(id));
        Files.move(tree, old, StandardCopyOption.ATOMIC_MOVE);
        Folders.publish(half, tree);
        deleteTree(old);
    }

    @Override
    public void copy(UUID from, String name, UUID to, VolumeSpec spec) throws IOException {
        refuseIfThere(to);
        Path snapshot = folders.snapshot(from, name);
        Path tree = folders.make(to).tree();
        make(
                tree,
                half -> {
                    thawTree(snapshot, half);
                    limitTree(half, spec.size());
                    Folders.identify(half, to);
                });
    }

    @Override
    public void attachSnapshot(UUID id, String name, Path point) throws IOException {
        verifyPool();
        mounts.bind(folders.snapshot(id, name), point);
        try {
            mounts.forbidWriting(point);
            mounts.verify(id, point);
        } catch (IOException e) {
            mounts.unmount(point);
            throw e;
        }
    }

    @Override
    public void resize(UUID id, VolumeSpec spec, long bytes, @Nullable Path attached)
            throws IOException {
        limitTree(tree(id), bytes);
    }

    @Override
    public void destroy(UUID id) throws IOException {
        verifyPool();
        VolumeFolder folder = folders.of(id);
        settle(folder);
        if (Files.exists(folder.tree())) {
            Folders.publish(folder.tree(), Folders.halfMade(folder.tree()));
            settle(folder);
        }
        if (Files.isDirectory(folder.snapshots())) {
            try (DirectoryStream<Path> all = Files.newDirectoryStream(folder.snapshots())) {
                for (Path snapshot : all) {
                    deleteTree(snapshot);
                }
            }
        }
        folders.delete(folder.path());
    }

    @Override
    public List<UUID> scan() throws IOException {
        verifyPool();
        return folders.scan();
    }

    @Override
    public void recover(UUID id, @Nullable Path attached) throws IOException {
        verifyPool();
        VolumeFolder folder = folders.of(id);
        settle(folder);
        discardHalfSnapshots(folder);
    }

    private void discardHalfSnapshots(VolumeFolder folder) throws IOException {
        if (Files.isDirectory(folder.snapshots())) {
            try (DirectoryStream<Path> halves =
                    Files.newDirectoryStream(folder.snapshots(), "*" + Folders.HALF_MADE)) {
                for (Path half : halves) {
                    deleteTree(half);
                }
            }
        }
    }

    /** The tree of a volume that is about to change, after what a crash left is put in order. */
    private Path settled(UUID id) throws IOException {
        verifyPool();
        settle(folders.of(id));
        return tree(id);
    }

    /** The tree of a volume, which is whole. This changes nothing. */
    final Path tree(UUID id) throws IOException {
        verifyPool();
        VolumeFolder folder = folders.of(id);
        if (!VolumeFolder.isOf(folder.tree(), id)) {
            throw new IOException("there are no whole bytes of the volume " + id + " in " + pool());
        }
        return folder.tree();
    }

    /** Makes a tree under another name, and gives it its own when it is on the disk. */
    private void make(Path tree, Making making) throws IOException {
        Path half = Folders.halfMade(tree);
        Space.make(
                () -> {
                    making.run(half);
                    folders.sync(half);
                    Folders.publish(half, tree);
                },
                () -> discard(half));
    }

    @FunctionalInterface
    private interface Making {
        void run(Path half) throws IOException;
    }

    private void refuseIfThere(UUID id) throws IOException {
        if (exists(id)) {
            throw new IOException("there are bytes of the volume " + id + " in " + pool());
        }
        VolumeFolder folder = folders.of(id);
        settle(folder);
        discard(folder.tree());
    }

    /** Finishes or undoes what a crash left. */
    private void settle(VolumeFolder folder) throws IOException {
        new SafeCopy(tools, folder.path()).recover();
        Path old = replaced(folder);
        if (Files.exists(old) && !Files.exists(folder.tree())) {
            Folders.publish(old, folder.tree());
        }
        discard(old);
        discard(Folders.halfMade(folder.tree()));
    }

    private void discard(Path tree) throws IOException {
        if (Files.exists(tree)) {
            deleteTree(tree);
        }
    }

    private static Path replaced(VolumeFolder folder) {
        return folder.path().resolve(REPLACED);
    }
}
