// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.service;

import io.hostagent.capability.volumes.backend.Backend;
import io.hostagent.capability.volumes.service.UserSource.Place;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Who uses a volume: what the host and the engine show, the mounts that a container may still come
 * of, and whoever reads its files through the agent.
 */
final class VolumeUse {

    /** A container's mounts go a moment after the engine says that it has ended. */
    private static final Duration LINGERING = Duration.ofSeconds(5);

    private static final Duration PAUSE = Duration.ofMillis(100);

    private final List<UserSource> sources;
    private final MountIds ids;
    private final Map<UUID, Integer> readers = new ConcurrentHashMap<>();

    VolumeUse(List<UserSource> sources, MountIds ids) {
        this.sources = List.copyOf(sources);
        this.ids = ids;
    }

    /** Somebody begins to read the files of a volume through the agent. */
    void beginReading(UUID id) {
        readers.merge(id, 1, Integer::sum);
    }

    /** And ends. */
    void endReading(UUID id) {
        readers.computeIfPresent(id, (key, count) -> count == 1 ? null : count - 1);
    }

    /**
     * Everybody who uses a volume.
     *
     * @throws IOException when it cannot be told; then it must be taken for used
     */
    List<VolumeUser> of(UUID id, Place place) throws IOException {
        List<VolumeUser> users = new ArrayList<>(real(place));
        ids.young(id).forEach(mount -> users.add(new VolumeUser("mount", mount, shortened(mount))));
        if (readers.containsKey(id)) {
            users.add(new VolumeUser("agent", "", "a download of its files"));
        }
        return users;
    }

    /** Whether a device is held, after those who are about to go have gone. */
    boolean staysHeld(Backend backend, UUID id) throws IOException {
        long end = System.nanoTime() + LINGERING.toNanos();
        boolean held = backend.isHeld(id);
        while (held && System.nanoTime() < end) {
            LockSupport.parkNanos(PAUSE.toNanos());
            held = backend.isHeld(id);
        }
        return held;
    }

    /** Anybody who uses a volume, found as cheaply as can be. */
    Optional<VolumeUser> any(UUID id, Place place) throws IOException {
        List<String> mounts = ids.young(id);
        if (!mounts.isEmpty()) {
            return Optional.of(new VolumeUser("mount", mounts.getFirst(), ""));
        }
        if (readers.containsKey(id)) {
            return Optional.of(new VolumeUser("agent", "", ""));
        }
        for (UserSource source : sources) {
            List<VolumeUser> found = source.find(place);
            if (!found.isEmpty()) {
                return Optional.of(found.getFirst());
            }
        }
        return Optional.empty();
    }

    private static String shortened(String mount) {
        return mount.isEmpty() ? "without an ID" : mount.substring(0, Math.min(12, mount.length()));
    }

    private List<VolumeUser> real(Place place) throws IOException {
        List<VolumeUser> users = new ArrayList<>();
        for (UserSource source : sources) {
            for (VolumeUser user : source.find(place)) {
                if (users.stream().noneMatch(known -> known.id().equals(user.id()))) {
                    users.add(user);
                }
            }
        }
        return users;
    }

    /**
     * The same, after those who are about to go have gone: mounts of a process that is no container
     * of the engine's any more.
     */
    List<VolumeUser> settled(UUID id, Place place) throws IOException {
        long end = System.nanoTime() + LINGERING.toNanos();
        List<VolumeUser> users = of(id, place);
        while (!users.isEmpty()
                && users.stream().allMatch(user -> user.what().equals("process"))
                && System.nanoTime() < end) {
            LockSupport.parkNanos(PAUSE.toNanos());
            users = of(id, place);
        }
        return users;
    }
}
