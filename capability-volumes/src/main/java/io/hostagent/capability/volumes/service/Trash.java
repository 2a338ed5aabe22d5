// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.service;

import io.hostagent.capability.volumes.backend.Backend;
import io.hostagent.capability.volumes.backend.NoSpaceException;
import io.hostagent.capability.volumes.catalog.Catalog.Versioned;
import io.hostagent.capability.volumes.marker.Marker;
import io.hostagent.capability.volumes.marker.MarkerFile;
import io.hostagent.capability.volumes.volume.OnRemove;
import io.hostagent.capability.volumes.volume.VolumeName;
import io.hostagent.capability.volumes.volume.VolumeRecord;
import io.hostagent.capability.volumes.volume.VolumeState;
import io.hostagent.core.error.AgentException;
import io.hostagent.core.error.CallerException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes volumes, and brings them back. What is in the trash stays where it is in its pool; that
 * it is removed is what its marker says. Removing is decided by the record, which says {@code
 * deleting} first: whatever happens then, it is completed.
 */
final class Trash {

    private static final Logger log = LoggerFactory.getLogger(Trash.class);

    private static final int MOST_TOMBSTONES = 1_000;

    private final Store store;
    private final Duration retention;

    /**
     * Prepares a trash.
     *
     * @param retention how long what is in it is kept
     */
    Trash(Store store, Duration retention) {
        this.store = store;
        this.retention = retention;
    }

    /** As {@link Volumes#remove}; with the lock of the volume. */
    OnRemove remove(VolumeName name, Optional<OnRemove> asked, OptionalLong expected) {
        Versioned now = store.require(name, expected);
        VolumeRecord record = now.record();
        OnRemove how = asked.orElse(record.spec().onRemove());
        String what = "Volume " + name + " cannot be removed";
        if (!record.owner().equals(store.node())) {
            throw new CallerException(409, what, "It belongs to another host: " + record.owner());
        }
        requireFree(record, what);
        if (store.backend(record.spec()).probe().works()) {
            store.requireUnused(record, what);
        } else if (record.state() != VolumeState.NEW) {
            throw new CallerException(
                    409, what, "Its pool is not there: whether it is in use cannot be told");
        }
        if (how == OnRemove.RETAIN) {
            return how;
        }
        if (how == OnRemove.TRASH && record.state() == VolumeState.ACTIVE) {
            // What is not there cannot be kept, and may be back in a moment.
            requireFiles(record, what);
        }
        Versioned deleting =
                record.state() == VolumeState.DELETING
                        ? now
                        : store.records().replace(now, record.inNextEpoch(VolumeState.DELETING));
        complete(deleting, how);
        store.tell("remove", name, Map.of("how", how.word(), "id", record.id().toString()));
        return how;
    }

    private void requireFiles(VolumeRecord record, String what) {
        if (store.marker(record).isEmpty()) {
            throw new CallerException(
                    409,
                    what,
                    "Its files are not in "
                            + store.backend(record.spec()).pool()
                            + ", so the trash has nothing to keep: put them back, or remove it"
                            + " with onremove=delete");
        }
    }

    private void requireFree(VolumeRecord record, String what) {
        record.holdsAt(store.now()).stream()
                .findFirst()
                .ifPresent(
                        hold -> {
                            throw new CallerException(
                                    409, what, hold.who() + " holds it: " + hold.why());
                        });
        if (record.state() == VolumeState.MOVING) {
            throw new CallerException(409, what, "It is being moved");
        }
    }

    /** Does what was decided; also at the start, when a stop came in between. */
    void complete(Versioned deleting, OnRemove how) {
        VolumeRecord record = deleting.record();
        StorageFailure.run(
                "The files of volume " + record.name() + " cannot be removed",
                () -> retire(record, how));
        store.records().replace(deleting, record.in(VolumeState.DELETED));
        bury();
    }

    /** Names that were used once, as those of anonymous volumes are, do not pile up. */
    private void bury() {
        List<Versioned> graves =
                store.known().all().stream()
                        .filter(known -> known.record().state() == VolumeState.DELETED)
                        .sorted(Comparator.comparing(known -> known.record().created()))
                        .toList();
        if (graves.size() > MOST_TOMBSTONES) {
            graves.subList(0, MOST_TOMBSTONES / 2).stream()
                    .filter(store.records()::forget)
                    .forEach(grave -> store.known().forget(grave.record().name()));
        }
    }

    private void retire(VolumeRecord record, OnRemove how) throws IOException {
        Backend backend = store.backend(record.spec());
        Optional<Marker> marker = store.marker(backend, record.id());
        if (marker.filter(found -> isOthers(found, record)).isPresent()) {
            return; // It was taken out of the trash since, under another name.
        }
        if (marker.filter(found -> found.state() == Marker.State.RETIRED).isPresent()) {
            return; // It was done before the agent was stopped.
        }
        if (marker.isEmpty()) {
            // It never had bytes, or they are gone; what is half made is nobody's.
            if (backend.probe().works()) {
                backend.destroy(record.id());
            }
            return;
        }
        Instant now = store.now();
        Instant end = how == OnRemove.DELETE ? now : now.plus(retention);
        Marker retired = marker.get().retired(record.epoch(), now, end);
        if (how == OnRemove.DELETE) {
            markIfPossible(retired);
            backend.destroy(record.id());
        } else {
            store.mark(retired);
        }
    }

    /** A pool that is full to the last block has no room for it, and has some after all of this. */
    private void markIfPossible(Marker retired) throws IOException {
        try {
            store.mark(retired);
        } catch (IOException e) {
            if (!NoSpaceException.isToldBy(e)) {
                throw e;
            }
            log.info("The files {} are deleted without a mark: {}", retired.id(), e.getMessage());
        }
    }

    /** Takes bytes of a volume that was removed while they were away. */
    void take(VolumeRecord removed, Marker marker) {
        Instant now = store.now();
        StorageFailure.run(
                "The files of volume " + removed.name() + " cannot be put into the trash",
                () -> store.mark(marker.retired(removed.epoch(), now, now.plus(retention))));
    }

    private boolean isOthers(Marker marker, VolumeRecord record) {
        return store.isForeign(marker)
                || !marker.name().equals(record.name())
                || marker.epoch() > record.epoch();
    }

    /** As {@link Volumes#trash}. */
    List<TrashedVolume> list() {
        List<TrashedVolume> found = new ArrayList<>();
        for (Backend backend : store.pools().all()) {
            if (backend.probe().works()) {
                retired(backend).stream()
                        .filter(marker -> !isAlive(marker.id()))
                        .forEach(marker -> found.add(show(marker)));
            }
        }
        found.sort(Comparator.comparing(TrashedVolume::removed).reversed());
        return List.copyOf(found);
    }

    /** Whether a record says that the bytes are a volume's, whatever they say themselves. */
    private boolean isAlive(UUID id) {
        return store.known().all().stream()
                .map(Versioned::record)
                .anyMatch(record -> record.id().equals(id) && record.state().isVisible());
    }

    private List<Marker> retired(Backend backend) {
        List<Marker> found = new ArrayList<>();
        List<UUID> ids =
                StorageFailure.ask(
                        "The volumes in " + backend.pool() + " cannot be listed", backend::scan);
        for (UUID id : ids) {
            try {
                MarkerFile.read(backend.pool(), id)
                        .filter(marker -> marker.state() == Marker.State.RETIRED)
                        .filter(marker -> !store.isForeign(marker))
                        .ifPresent(found::add);
            } catch (IOException e) {
                log.warn("A volume in {} cannot be told: {}", backend.pool(), e.getMessage());
            }
        }
        return found;
    }

    private static TrashedVolume show(Marker marker) {
        return new TrashedVolume(
                marker.name(), marker.id(), marker.spec(), marker.since(), marker.until());
    }

    /** Which one of a name is meant. */
    TrashedVolume find(VolumeName name, Optional<UUID> id) {
        return list().stream()
                .filter(trashed -> id.map(trashed.id()::equals).orElse(trashed.name().equals(name)))
                .findFirst()
                .orElseThrow(
                        () ->
                                CallerException.notFound(
                                        "There is no volume " + name + " in the trash",
                                        "Look at the list of what is in it"));
    }

    /** Makes it a volume again; with the lock of its name. */
    synchronized Versioned restore(TrashedVolume trashed, VolumeName as) {
        Optional<Versioned> now = store.records().read(as);
        if (now.isPresent() && now.get().record().state().isVisible()) {
            throw new CallerException(
                    409,
                    "There is a volume " + as + " already",
                    "Give the one in the trash another name");
        }
        Marker marker =
                StorageFailure.ask(
                                "Volume " + as + " cannot be had back",
                                () -> store.marker(store.backend(trashed.spec()), trashed.id()))
                        .filter(found -> found.state() == Marker.State.RETIRED)
                        .orElseThrow(() -> Store.noSuchVolume(as));
        VolumeRecord record =
                marker.record(store.node(), store.boot())
                        .named(as)
                        .atLeast(1 + now.map(old -> old.record().epoch()).orElse(0L))
                        .inNextEpoch(VolumeState.ACTIVE);
        Versioned written =
                now.isPresent()
                        ? store.records().replace(now.get(), record)
                        : store.records().create(record);
        StorageFailure.run(
                "The files of volume " + as + " cannot be marked",
                () -> store.mark(store.live(written.record())));
        store.tell("undelete", as, Map.of("id", trashed.id().toString()));
        return written;
    }

    /** Destroys one, or all whose time is over. */
    List<TrashedVolume> empty(Optional<UUID> id) {
        if (id.isEmpty()) {
            return emptyOld();
        }
        TrashedVolume one =
                list().stream()
                        .filter(trashed -> trashed.id().equals(id.get()))
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        CallerException.notFound(
                                                "There is no volume " + id.get() + " in the trash",
                                                "Look at the list of what is in it"));
        destroy(one);
        return List.of(one);
    }

    /** Destroys all whose time is over; one that cannot be destroyed does not keep the others. */
    List<TrashedVolume> emptyOld() {
        Instant now = store.now();
        List<TrashedVolume> destroyed = new ArrayList<>();
        for (TrashedVolume trashed : list()) {
            if (trashed.until().isAfter(now)) {
                continue;
            }
            try {
                destroy(trashed);
                destroyed.add(trashed);
            } catch (AgentException e) {
                log.warn("{}: {}", e.getMessage(), e.error().details());
            }
        }
        return destroyed;
    }

    private synchronized void destroy(TrashedVolume trashed) {
        Backend backend = store.backend(trashed.spec());
        StorageFailure.run(
                "Volume " + trashed.name() + " in the trash cannot be destroyed",
                () -> {
                    Optional<Marker> marker = store.marker(backend, trashed.id());
                    if (marker.filter(is -> is.state() == Marker.State.RETIRED).isEmpty()
                            || isAlive(trashed.id())) {
                        throw new IOException("it is not in the trash any more");
                    }
                    backend.destroy(trashed.id());
                });
        store.tell("destroy", trashed.name(), Map.of("id", trashed.id().toString()));
    }
}
