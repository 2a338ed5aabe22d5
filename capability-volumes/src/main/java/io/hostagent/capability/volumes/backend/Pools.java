// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.backend;

import io.hostagent.capability.volumes.volume.BackendKind;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The backends of this host, at most one of each kind. */
public final class Pools {

    private final Map<BackendKind, Backend> backends = new EnumMap<>(BackendKind.class);

    public Pools(List<Backend> backends) {
        backends.forEach(backend -> this.backends.put(backend.kind(), backend));
    }

    /** All of them. */
    public List<Backend> all() {
        return List.copyOf(backends.values());
    }

    /** The backend of a kind, whether it works or not; empty when this host was given none. */
    public Optional<Backend> find(BackendKind kind) {
        return Optional.ofNullable(backends.get(kind));
    }

    /** What a backend can do now. */
    public Probe probe(BackendKind kind) {
        return find(kind).map(Backend::probe).orElseGet(() -> Probe.missing(remedy(kind)));
    }

    private static String remedy(BackendKind kind) {
        return switch (kind) {
            case BTRFS -> "VOLUMES_BTRFS_PATH does not name a folder on btrfs";
            case SHARED -> "VOLUMES_SHARED_PATH does not name a folder that hosts share";
            case LOOP, DIRECTORY -> "it is not set up";
        };
    }

    /** The first of some kinds that works. */
    public Optional<BackendKind> firstWorking(BackendKind... kinds) {
        return Arrays.stream(kinds).filter(kind -> probe(kind).works()).findFirst();
    }
}
