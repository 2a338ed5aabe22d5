// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hostagent.capability.volumes.backend.Backend;
import io.hostagent.capability.volumes.backend.VolumeFolder;
import io.hostagent.capability.volumes.volume.VolumeSpec;
import io.hostagent.core.host.Mount;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mounts of volumes on this host, one for each volume in use: {@code mounts/ID}. They outlive
 * the agent, and a new one finds them again.
 */
final class Attachments {

    private static final Logger log = LoggerFactory.getLogger(Attachments.class);
    private static final Path OWN_MOUNTS = Path.of("/proc/self/mountinfo");

    private final Path folder;
    private final EngineView engine;
    private final Map<UUID, Path> attached = new ConcurrentHashMap<>();

    /** Uses a folder that only root may enter: what is in it may be writable for everybody. */
    Attachments(Path folder, EngineView engine) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.engine = engine;
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }

    /** Finds the mounts that are there already. */
    void find() throws IOException {
        attached.clear();
        for (Mount mount : Mount.read(OWN_MOUNTS)) {
            Path point = Path.of(mount.point());
            Optional<UUID> id = folder.equals(point.getParent()) ? id(point) : Optional.empty();
            if (id.isPresent() && id.get().equals(identity(point))) {
                attached.put(id.get(), point);
            }
        }
    }

    private static Optional<UUID> id(Path point) {
        try {
            return Optional.of(UUID.fromString(String.valueOf(point.getFileName())));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Where a volume is mounted when it is. */
    Path point(UUID id) {
        return folder.resolve(id.toString());
    }

    /** What containers get of a volume that is mounted; empty when it is not. From memory. */
    Optional<Path> data(UUID id) {
        return Optional.ofNullable(attached.get(id)).map(point -> point.resolve(VolumeFolder.DATA));
    }

    /** The volumes that are mounted. */
    List<UUID> all() {
        return List.copyOf(attached.keySet());
    }

    /** Mounts a volume unless it is, and makes sure that the engine sees it. */
    Path attach(Backend backend, UUID id, VolumeSpec spec) throws IOException {
        Path point = point(id);
        boolean there = isMounted(point);
        if (!there) {
            Files.createDirectories(point);
            backend.attach(id, spec, point);
        }
        try {
            verifyIdentity(point, id);
            engine.verify(point, id);
        } catch (IOException e) {
            if (!there) {
                undo(backend, id, point);
            }
            throw e;
        }
        attached.put(id, point);
        return point.resolve(VolumeFolder.DATA);
    }

    /** What is there must be this volume, or writing to it would destroy another one. */
    private static void verifyIdentity(Path point, UUID id) throws IOException {
        Path identity = point.resolve(VolumeFolder.IDENTITY);
        if (!Files.isRegularFile(identity)
                || !Files.readString(identity, UTF_8).strip().equals(id.toString())
                || !Files.isDirectory(point.resolve(VolumeFolder.DATA))) {
            throw new IOException("what is mounted at " + point + " is not this volume");
        }
    }

    private static void undo(Backend backend, UUID id, Path point) {
        try {
            backend.detach(id, point);
            remove(point);
        } catch (IOException e) {
            log.warn("The mount of {} at {} is left: {}", id, point, e.getMessage());
        }
    }

    /** Takes the mount of a volume away, if it has one. */
    void detach(Backend backend, UUID id) throws IOException {
        Path point = point(id);
        if (isMounted(point)) {
            backend.detach(id, point);
        }
        attached.remove(id);
        remove(point);
    }

    /** Shows a snapshot at a folder of its own. */
    Path attachSnapshot(Backend backend, UUID id, String snapshot) throws IOException {
        Path point = Files.createTempDirectory(folder, "snapshot-");
        try {
            backend.attachSnapshot(id, snapshot, point);
        } catch (IOException e) {
            remove(point);
            throw e;
        }
        return point;
    }

    /** Shows it no more. */
    void detachSnapshot(Backend backend, UUID id, Path point) throws IOException {
        backend.detach(id, point);
        remove(point);
    }

    /** Whether something is mounted at a folder, as the kernel says. */
    static boolean isMounted(Path point) throws IOException {
        return Mount.at(Mount.read(OWN_MOUNTS), point.toString()).isPresent();
    }

    /** Snapshots that are shown to nobody any more, left by an agent that was killed. */
    List<Path> forgottenSnapshots() throws IOException {
        return Mount.read(OWN_MOUNTS).stream()
                .map(mount -> Path.of(mount.point()))
                .filter(point -> folder.equals(point.getParent()) && id(point).isEmpty())
                .toList();
    }

    /** Whose bytes are mounted somewhere. */
    static UUID identity(Path point) throws IOException {
        try {
            return UUID.fromString(
                    Files.readString(point.resolve(VolumeFolder.IDENTITY), UTF_8).strip());
        } catch (IllegalArgumentException e) {
            throw new IOException("what is mounted at " + point + " is no volume", e);
        }
    }

    /** Folders in which nothing is mounted, left by an agent that was killed. */
    void sweep() throws IOException {
        List<Path> points;
        try (var names = Files.list(folder)) {
            points = names.toList();
        }
        for (Path point : points) {
            if (!isMounted(point)) {
                remove(point);
            }
        }
    }

    /** Never with what is in it: that would be written beside a volume, and not to be lost. */
    private static void remove(Path point) throws IOException {
        try {
            Files.deleteIfExists(point);
        } catch (DirectoryNotEmptyException e) {
            log.warn("There are files in {}, where nothing is mounted; they are left", point);
        }
    }
}
