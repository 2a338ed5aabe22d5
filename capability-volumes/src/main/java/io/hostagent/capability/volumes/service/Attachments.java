// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.service;

import io.hostagent.capability.volumes.backend.Backend;
import io.hostagent.capability.volumes.backend.NoAnswerException;
import io.hostagent.capability.volumes.backend.PatientLook;
import io.hostagent.capability.volumes.backend.VolumeFolder;
import io.hostagent.capability.volumes.volume.VolumeSpec;
import io.hostagent.core.host.Mount;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mounts of volumes on this host, one for each volume in use, in a folder of its ID. They
 * outlive the agent, and a new one finds them again.
 */
final class Attachments {

    private static final Logger log = LoggerFactory.getLogger(Attachments.class);

    /** A server that is there answers within this. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Path folder;
    private final EngineView engine;
    private final Map<UUID, Path> attached = new ConcurrentHashMap<>();

    /** The snapshots that are shown, by where. */
    private final Map<Path, Shown> shown = new ConcurrentHashMap<>();

    private record Shown(UUID id, String snapshot) {}

    /** Uses a folder that only root may enter: what is in it may be writable for everybody. */
    Attachments(Path folder, EngineView engine) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.engine = engine;
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }

    /**
     * Finds the mounts that are there already. One that cannot be looked at, because its disk is
     * broken or its server gone, is left for a time when it can.
     */
    void find() throws IOException {
        attached.clear();
        Set<String> silent = new HashSet<>();
        for (Map.Entry<UUID, Mount> found : onTop().entrySet()) {
            Path point = point(found.getKey());
            Mount mount = found.getValue();
            if (silent.contains(mount.device())) {
                continue;
            }
            try {
                if (identity(point).filter(found.getKey()::equals).isPresent()) {
                    attached.put(found.getKey(), point);
                }
            } catch (NoAnswerException e) {
                silent.add(mount.device());
                log.warn("The mounts of {} are left alone: {}", mount.source(), e.getMessage());
            } catch (IOException e) {
                log.warn("What is mounted at {} is left alone: {}", point, e.getMessage());
            }
        }
    }

    /** What is seen at the folders of volumes. */
    private Map<UUID, Mount> onTop() throws IOException {
        Map<UUID, Mount> seen = new LinkedHashMap<>();
        for (Mount mount : Mount.own()) {
            Path point = Path.of(mount.point());
            if (folder.equals(point.getParent())) {
                id(point).ifPresent(id -> seen.put(id, mount));
            }
        }
        return seen;
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
        if (!VolumeFolder.isOf(point, id) || !Files.isDirectory(point.resolve(VolumeFolder.DATA))) {
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
        shown.put(point, new Shown(id, snapshot));
        return point;
    }

    /** Shows it no more. */
    void detachSnapshot(Backend backend, UUID id, Path point) throws IOException {
        backend.detach(id, point);
        shown.remove(point);
        remove(point);
    }

    /** Whether somebody is shown a snapshot. */
    boolean shows(UUID id, String snapshot) {
        return shown.containsValue(new Shown(id, snapshot));
    }

    /** Whether something is mounted at a folder, as the kernel says; its disk is not asked. */
    private static boolean isMounted(Path point) throws IOException {
        return Mount.at(Mount.own(), point.toString()).isPresent();
    }

    /** Snapshots that are shown to nobody any more, left by an agent that was killed. */
    List<Path> forgottenSnapshots() throws IOException {
        return Mount.own().stream()
                .map(mount -> Path.of(mount.point()))
                .filter(point -> folder.equals(point.getParent()) && id(point).isEmpty())
                .toList();
    }

    /**
     * Whose bytes are mounted somewhere; empty when they are no volume's.
     *
     * @throws NoAnswerException when its server does not say so within some seconds
     */
    static Optional<UUID> identity(Path point) throws IOException {
        return new PatientLook<>(point.toString(), PATIENCE, () -> VolumeFolder.identity(point))
                .ask();
    }

    /** Folders in which nothing is mounted, left by an agent that was killed. */
    void sweep() throws IOException {
        List<Path> points;
        try (var names = Files.list(folder)) {
            points = names.toList();
        }
        for (Path point : points) {
            try {
                if (!isMounted(point)) {
                    remove(point);
                }
            } catch (IOException e) {
                log.warn("{} is left: {}", point, e.getMessage());
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
