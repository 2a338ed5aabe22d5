// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.backend;

import io.hostagent.capability.volumes.tool.Tool;
import io.hostagent.capability.volumes.tool.Tools;
import io.hostagent.capability.volumes.volume.VolumeSpec;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** The folders of volumes in a pool, and what is the same in each whatever the backend. */
record Folders(Path pool, Tools tools) {

    /** Ends the name of what is not whole, and goes at the next chance. */
    static final String HALF_MADE = ".tmp";

    private static final String OWN_ROOT_ONLY = "rwx------";

    VolumeFolder of(UUID id) {
        return VolumeFolder.of(pool, id);
    }

    /** Makes the folder of a volume and that of its snapshots, which only root may enter. */
    VolumeFolder make(UUID id) throws IOException {
        VolumeFolder folder = of(id);
        Files.createDirectories(folder.path());
        Files.setPosixFilePermissions(
                folder.path(), PosixFilePermissions.fromString(OWN_ROOT_ONLY));
        Files.createDirectories(folder.snapshots());
        return folder;
    }

    /** Where something is made before it gets its name. */
    static Path halfMade(Path whole) {
        return whole.resolveSibling(whole.getFileName() + HALF_MADE);
    }

    /** Fills a new tree: the identity, and an empty folder for containers. */
    static void fill(Path tree, UUID id, VolumeSpec spec) throws IOException {
        Path data = Files.createDirectory(tree.resolve(VolumeFolder.DATA));
        Files.setAttribute(data, "unix:uid", spec.uid());
        Files.setAttribute(data, "unix:gid", spec.gid());
        Files.setAttribute(data, "unix:mode", spec.mode());
        identify(tree, id);
    }

    /** Writes into a tree whose bytes these are. */
    static void identify(Path tree, UUID id) throws IOException {
        Files.writeString(tree.resolve(VolumeFolder.IDENTITY), id + "\n");
    }

    /** A snapshot that is there. */
    Path snapshot(UUID id, String name) throws IOException {
        Path snapshot = of(id).snapshot(name);
        if (!Files.exists(snapshot)) {
            throw new IOException("there is no snapshot " + name + " of the volume " + id);
        }
        return snapshot;
    }

    /** The place of a snapshot that is not there yet, its folder made. */
    Path newSnapshot(UUID id, String name) throws IOException {
        Path snapshot = of(id).snapshot(name);
        Files.createDirectories(of(id).snapshots());
        if (Files.exists(snapshot)) {
            throw new IOException("there is a snapshot " + name + " of the volume already");
        }
        return snapshot;
    }

    /** The snapshots of a volume, the oldest first; each has the time when it was taken. */
    List<Snapshot> snapshots(UUID id, ToLongFunction<Path> bytes) throws IOException {
        Path folder = of(id).snapshots();
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Snapshot> found = new ArrayList<>();
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path entry : (Iterable<Path>) entries::iterator) {
                String name = String.valueOf(entry.getFileName());
                if (!name.endsWith(HALF_MADE)) {
                    FileTime taken = Files.getLastModifiedTime(entry);
                    found.add(new Snapshot(name, taken.toInstant(), bytes.applyAsLong(entry)));
                }
            }
        }
        found.sort(Comparator.comparing(Snapshot::taken).thenComparing(Snapshot::name));
        return found;
    }

    /** The volumes that have a folder. */
    List<UUID> scan() throws IOException {
        if (!Files.isDirectory(pool)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(pool)) {
            return entries.filter(Files::isDirectory)
                    .map(entry -> id(String.valueOf(entry.getFileName())))
                    .flatMap(Optional::stream)
                    .sorted()
                    .toList();
        }
    }

    private static Optional<UUID> id(String name) {
        try {
            UUID id = UUID.fromString(name);
            return id.toString().equals(name) ? Optional.of(id) : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** Waits until all that was written to the file system of a path is on its disk. */
    void sync(Path path) throws IOException {
        tools.run(Tools.LONG, Tool.SYNC, "--file-system", "--", path.toString());
    }

    /** Gives what is whole its name, for good. */
    static void publish(Path halfMade, Path whole) throws IOException {
        Files.move(halfMade, whole, StandardCopyOption.ATOMIC_MOVE);
        persist(whole.resolveSibling("."));
    }

    /** Waits until the names in a folder, or the bytes of a file, are on the disk. */
    static void persist(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** The room that a tree of files takes on its disk, which takes a look at each. */
    long bytes(Path tree) throws IOException {
        // Somebody waits for it.
        String counted =
                tools.run(
                        Tools.QUICK,
                        Tool.DU,
                        "--summarize",
                        "--block-size=1",
                        "--one-file-system",
                        "--",
                        tree.toString());
        return Long.parseLong(counted.substring(0, counted.indexOf('\t')));
    }

    /** Deletes files, never beyond their file system; nothing happens when there are none. */
    void delete(Path path) throws IOException {
        tools.run(
                Tools.LONG,
                Tool.RM,
                "--recursive",
                "--force",
                "--one-file-system",
                "--",
                path.toString());
    }
}
