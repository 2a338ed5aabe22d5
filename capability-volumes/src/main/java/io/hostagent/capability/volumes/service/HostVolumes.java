// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.service;

import io.hostagent.capability.volumes.backend.Snapshot;
import io.hostagent.capability.volumes.backend.Usage;
import io.hostagent.capability.volumes.catalog.Catalog.Versioned;
import io.hostagent.capability.volumes.option.VolumeOptions;
import io.hostagent.capability.volumes.volume.Hold;
import io.hostagent.capability.volumes.volume.OnRemove;
import io.hostagent.capability.volumes.volume.SnapshotName;
import io.hostagent.capability.volumes.volume.VolumeName;
import io.hostagent.capability.volumes.volume.VolumeRecord;
import io.hostagent.capability.volumes.volume.VolumeState;
import io.hostagent.core.error.AgentException;
import io.hostagent.core.error.BusyException;
import io.hostagent.core.error.CallerException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The volumes of a host that is alone. */
public final class HostVolumes implements Volumes, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(HostVolumes.class);

    /** An engine waits 120 s for a mount, and 60 s for most of the rest. */
    private static final Duration ENGINE_WAITS = Duration.ofSeconds(50);

    /** What is in the trash stays a moment longer than it has to. */
    private static final Duration MOMENT = Duration.ofSeconds(60);

    /** It is looked at once a day at least: a pool may have been away. */
    private static final Duration LATEST = Duration.ofDays(1);

    private static final Duration PEOPLE_WAIT = Duration.ofSeconds(20);

    private final Opening opening;
    private volatile @Nullable OpenVolumes parts;

    /** Touches nothing yet. */
    public HostVolumes(Opening opening) {
        this.opening = opening;
    }

    /**
     * Claims the folder, and brings records, files and mounts together; it blocks.
     *
     * @throws IOException when it cannot be done; it may be tried again
     */
    public synchronized void open() throws IOException {
        if (parts != null) {
            return;
        }
        OpenVolumes open = OpenVolumes.of(opening);
        open.releases().soonForAll();
        open.emptying().after(MOMENT, () -> emptyInTime(open));
        parts = open;
    }

    /** Whether they are open: only then it can be said that there is no such volume. */
    public boolean isOpen() {
        return parts != null;
    }

    @Override
    public void requireOpen() {
        parts();
    }

    private OpenVolumes parts() {
        OpenVolumes open = parts;
        if (open == null) {
            throw new BusyException(
                    "Volumes are not served yet",
                    "Look at the agent's capabilities for the reason");
        }
        return open;
    }

    /** Destroys what was in the trash for its time, now and whenever there is more of it. */
    private static void emptyInTime(OpenVolumes open) {
        Duration next = LATEST;
        try {
            for (TrashedVolume gone : open.trash().emptyOld()) {
                log.info("Volume {} was in the trash for its time, and is destroyed", gone.name());
            }
            Instant now = open.store().now();
            next =
                    open.trash().list().stream()
                            .map(TrashedVolume::until)
                            .filter(until -> until.isAfter(now))
                            .min(Comparator.naturalOrder())
                            .map(until -> Duration.between(now, until).plus(MOMENT))
                            .filter(wait -> wait.compareTo(LATEST) < 0)
                            .orElse(LATEST);
        } finally {
            open.emptying().after(next, () -> emptyInTime(open));
        }
    }

    /** The engine is another process by now. */
    public void engineRestarted() {
        OpenVolumes open = parts;
        if (open != null) {
            open.store().ids().suspectAll();
            open.releases().soonForAll();
        }
    }

    /** Something happened to a container, which may have been the last user of a volume. */
    public void containersChanged() {
        OpenVolumes open = parts;
        if (open != null) {
            open.releases().laterForKept();
        }
    }

    @Override
    public Optional<KnownVolume> find(String name) {
        OpenVolumes open = parts;
        return open != null && VolumeName.isValid(name)
                ? open.store()
                        .known()
                        .find(new VolumeName(name))
                        .filter(now -> now.record().state().isVisible())
                        .map(open.store()::show)
                : Optional.empty();
    }

    @Override
    public List<KnownVolume> all() {
        OpenVolumes open = parts;
        return open == null
                ? List.of()
                : open.store().known().all().stream()
                        .filter(now -> now.record().state().isVisible())
                        .map(open.store()::show)
                        .toList();
    }

    @Override
    public KnownVolume create(VolumeName name, Map<String, String> options) {
        return locked(
                name,
                "its creation",
                ENGINE_WAITS,
                () -> store().show(parts().creation().create(name, options)));
    }

    @Override
    public Path mount(VolumeName name, String id) {
        Path data = locked(name, "a mount", ENGINE_WAITS, () -> parts().mounting().mount(name, id));
        parts().releases().whenOld(name);
        return data;
    }

    @Override
    public void unmount(VolumeName name, String id) {
        Optional<Versioned> known = store().known().find(name);
        if (known.isEmpty()) {
            throw Store.noSuchVolume(name);
        }
        StorageFailure.run(
                "Unable to unmount volume " + name,
                () -> store().ids().remove(known.get().record().id(), id));
        parts().releases().soon(name);
    }

    @Override
    public Optional<Path> path(VolumeName name) {
        return find(name.value()).flatMap(KnownVolume::mountpoint);
    }

    @Override
    public List<VolumeUser> users(VolumeName name) {
        VolumeRecord record = store().require(name).record();
        return StorageFailure.ask(
                "The users of volume " + name + " cannot be told",
                () -> store().use().of(record.id(), store().place(record)));
    }

    @Override
    public OnRemove remove(VolumeName name, Optional<OnRemove> how, OptionalLong expected) {
        return locked(
                name,
                "its removal",
                PEOPLE_WAIT,
                () -> parts().trash().remove(name, how, expected));
    }

    @Override
    public List<TrashedVolume> trash() {
        return parts().trash().list();
    }

    @Override
    public KnownVolume undelete(VolumeName name, Optional<UUID> id, Optional<VolumeName> as) {
        TrashedVolume trashed = parts().trash().find(name, id);
        VolumeName wanted = as.orElse(trashed.name());
        return locked(
                wanted,
                "its return from the trash",
                PEOPLE_WAIT,
                () -> store().show(parts().trash().restore(trashed, wanted)));
    }

    @Override
    public List<TrashedVolume> emptyTrash(Optional<UUID> id) {
        return parts().trash().empty(id);
    }

    @Override
    public Snapshot snapshot(VolumeName name, String snapshot) {
        String checked = SnapshotName.of(snapshot);
        return locked(
                name, "a snapshot", PEOPLE_WAIT, () -> parts().snapshots().take(name, checked));
    }

    @Override
    public List<Snapshot> snapshots(VolumeName name) {
        return parts().snapshots().list(store().require(name).record());
    }

    @Override
    public void deleteSnapshot(VolumeName name, String snapshot) {
        String checked = SnapshotName.of(snapshot);
        locked(
                name,
                "the end of a snapshot",
                PEOPLE_WAIT,
                () -> {
                    parts().snapshots().delete(name, checked);
                    return checked;
                });
    }

    @Override
    public String restore(VolumeName name, String snapshot, OptionalLong expected) {
        String checked = SnapshotName.of(snapshot);
        return locked(
                name,
                "its return to a snapshot",
                PEOPLE_WAIT,
                () -> parts().snapshots().restore(name, checked, expected));
    }

    @Override
    public KnownVolume clone(
            VolumeName from,
            Optional<String> snapshot,
            VolumeName to,
            Map<String, String> options) {
        Map<String, String> all = new HashMap<>(options);
        VolumeOptions.Source source = new VolumeOptions.Source(from, snapshot);
        all.put("from", source.toString());
        if (find(to.value()).isPresent()) {
            throw new CallerException(
                    409, "There is a volume " + to + " already", "Give the clone another name");
        }
        return create(to, all);
    }

    @Override
    public KnownVolume resize(VolumeName name, String size, OptionalLong expected) {
        return locked(
                name,
                "a change of its size",
                PEOPLE_WAIT,
                () -> store().show(parts().snapshots().resize(name, size, expected)));
    }

    @Override
    public KnownVolume importFolder(Path folder, VolumeName to, Map<String, String> options) {
        return locked(
                to,
                "its import",
                PEOPLE_WAIT,
                () -> store().show(parts().creation().importFolder(folder, to, options)));
    }

    @Override
    public FileLease open(VolumeName name, Optional<String> snapshot) {
        Optional<String> checked = snapshot.map(SnapshotName::of);
        return locked(
                name,
                "a read",
                PEOPLE_WAIT,
                () ->
                        checked.map(taken -> parts().reading().snapshot(name, taken))
                                .orElseGet(() -> parts().reading().volume(name)));
    }

    @Override
    public Usage usage(VolumeName name) {
        VolumeRecord record = store().require(name).record();
        if (record.state() == VolumeState.NEW) {
            return new Usage(0, record.spec().size());
        }
        return StorageFailure.ask(
                "How much volume " + name + " holds cannot be told",
                () ->
                        store().backend(record.spec())
                                .usage(record.id(), record.spec(), store().attachedPoint(record)));
    }

    @Override
    public void label(VolumeName name, UUID id, Map<String, String> labels) {
        locked(
                name,
                "its labels",
                PEOPLE_WAIT,
                () ->
                        store().known()
                                .find(name)
                                .filter(now -> now.record().id().equals(id))
                                .filter(now -> now.record().state().isVisible())
                                .map(now -> relabelled(now, labels)));
    }

    private Versioned relabelled(Versioned now, Map<String, String> labels) {
        return store().records().replace(now, now.record().with(labels));
    }

    @Override
    public KnownVolume hold(VolumeName name, Hold hold) {
        return holds(name, others -> Stream.concat(others, Stream.of(hold)).toList(), hold.who());
    }

    @Override
    public KnownVolume release(VolumeName name, String who) {
        Versioned now = store().require(name);
        // Nothing to let go of is no change: somebody else's version stays good.
        return now.record().holdsAt(store().now()).stream().noneMatch(h -> h.who().equals(who))
                ? store().show(now)
                : holds(name, Stream::toList, who);
    }

    /**
     * @param change what becomes of the holds of others that still count
     */
    private KnownVolume holds(
            VolumeName name, Function<Stream<Hold>, List<Hold>> change, String who) {
        return locked(
                name,
                "a hold",
                PEOPLE_WAIT,
                () -> {
                    Versioned now = store().require(name);
                    Stream<Hold> others =
                            now.record().holdsAt(store().now()).stream()
                                    .filter(hold -> !hold.who().equals(who));
                    VolumeRecord next = now.record().with(change.apply(others));
                    return store().show(store().records().replace(now, next));
                });
    }

    @Override
    public List<PoolStatus> pools() {
        return store().pools().all().stream()
                .map(backend -> new PoolStatus(backend.kind(), backend.pool(), backend.probe()))
                .toList();
    }

    private Store store() {
        return parts().store();
    }

    private <T> T locked(VolumeName name, String doing, Duration limit, Supplier<T> work) {
        try {
            return store().locks().with(name, doing, limit, work);
        } catch (AgentException e) {
            log.debug("{} of volume {}: {}", doing, name, e.getMessage());
            throw e;
        }
    }

    @Override
    public synchronized void close() throws IOException {
        OpenVolumes open = parts;
        if (open != null) {
            parts = null;
            open.close();
        }
    }
}
