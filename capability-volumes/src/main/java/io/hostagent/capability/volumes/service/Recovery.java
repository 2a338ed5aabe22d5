// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.service;

import io.hostagent.capability.volumes.backend.Backend;
import io.hostagent.capability.volumes.catalog.Catalog;
import io.hostagent.capability.volumes.catalog.Catalog.Versioned;
import io.hostagent.capability.volumes.marker.Marker;
import io.hostagent.capability.volumes.marker.MarkerFile;
import io.hostagent.capability.volumes.volume.BackendKind;
import io.hostagent.capability.volumes.volume.OnRemove;
import io.hostagent.capability.volumes.volume.VolumeName;
import io.hostagent.capability.volumes.volume.VolumeRecord;
import io.hostagent.capability.volumes.volume.VolumeState;
import io.hostagent.core.error.AgentException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the records, the bytes and the mounts of this host together at the start: what a crash
 * left half done is completed or undone, and what does not fit is said and left as it is. Bytes are
 * never destroyed here but those whose removal was decided.
 */
final class Recovery {

    private static final Logger log = LoggerFactory.getLogger(Recovery.class);

    private final Store store;
    private final Catalog catalog;
    private final Trash trash;
    private final Creation creation;

    Recovery(Store store, Catalog catalog, Trash trash, Creation creation) {
        this.store = store;
        this.catalog = catalog;
        this.trash = trash;
        this.creation = creation;
    }

    /**
     * Does all of it.
     *
     * @throws IOException when the catalog cannot be read at all
     */
    void run() throws IOException {
        store.attachments().find();
        Map<UUID, Marker> markers = markers();
        readCatalog(markers);
        adopt(markers);
        for (Versioned known : store.known().all()) {
            if (known.record().owner().equals(store.node())) {
                try {
                    settle(known, Optional.ofNullable(markers.get(known.record().id())));
                } catch (AgentException e) {
                    alarm(known.record(), e.getMessage() + ": " + e.error().details());
                }
            }
        }
        hideSnapshots(markers);
        store.attachments().sweep();
    }

    private void hideSnapshots(Map<UUID, Marker> markers) throws IOException {
        for (Path point : store.attachments().forgottenSnapshots()) {
            try {
                Marker marker = Attachments.identity(point).map(markers::get).orElse(null);
                if (marker != null) {
                    store.attachments()
                            .detachSnapshot(store.backend(marker.spec()), marker.id(), point);
                }
            } catch (IOException e) {
                log.warn("{} stays mounted: {}", point, e.getMessage());
            }
        }
    }

    private Map<UUID, Marker> markers() {
        Map<UUID, Marker> found = new HashMap<>();
        for (Backend backend : store.pools().all()) {
            if (!backend.probe().works()) {
                continue;
            }
            try {
                for (UUID id : backend.scan()) {
                    Optional<Marker> marker = marker(backend, id);
                    if (isOurs(backend, marker)) {
                        recover(backend, id);
                        marker.ifPresent(own -> found.put(id, own));
                    }
                }
            } catch (IOException e) {
                log.warn("The volumes in {} cannot be listed: {}", backend.pool(), e.getMessage());
            }
        }
        return found;
    }

    /** In a pool that hosts share, what says nothing may be what another host is just making. */
    private boolean isOurs(Backend backend, Optional<Marker> marker) {
        return marker.map(found -> !store.isForeign(found))
                .orElse(backend.kind() != BackendKind.SHARED);
    }

    private void recover(Backend backend, UUID id) {
        boolean attached = store.attachments().data(id).isPresent();
        try {
            backend.recover(id, attached ? store.attachments().point(id) : null);
        } catch (IOException e) {
            log.warn("What a stop left of volume {} cannot be completed: {}", id, e.getMessage());
        }
    }

    private static Optional<Marker> marker(Backend backend, UUID id) {
        try {
            return MarkerFile.read(backend.pool(), id);
        } catch (IOException e) {
            log.warn("A volume in {} is left alone: {}", backend.pool(), e.getMessage());
            return Optional.empty();
        }
    }

    /** What was known and is in the catalog no more is put back when its bytes say the same. */
    private void readCatalog(Map<UUID, Marker> markers) throws IOException {
        Set<VolumeName> listed = new HashSet<>();
        for (Versioned now : catalog.list()) {
            listed.add(now.record().name());
            store.known().accept(now);
        }
        for (Versioned known : store.known().all()) {
            VolumeRecord record = known.record();
            if (listed.contains(record.name())) {
                continue;
            }
            Marker marker = markers.get(record.id());
            boolean fits =
                    record.state() == VolumeState.NEW
                            || (marker != null && marker.agreesWith(record));
            store.known().forget(record.name());
            if (fits && record.owner().equals(store.node())) {
                store.records().create(record);
                log.warn("The record of volume {} was lost and is put back", record.name());
            }
        }
    }

    /** Live bytes without a record: this host is alone, so they can only be its own. */
    private void adopt(Map<UUID, Marker> markers) {
        for (Marker marker : markers.values()) {
            if (marker.state() != Marker.State.LIVE) {
                continue;
            }
            VolumeRecord known =
                    store.known().find(marker.name()).map(Versioned::record).orElse(null);
            if (known != null && isRemoved(known, marker)) {
                retire(known, marker);
            } else if (known == null) {
                Versioned made = store.records().create(marker.record(store.node(), store.boot()));
                log.warn("Volume {} had no record and has one again", made.record().name());
            } else if (!known.id().equals(marker.id())) {
                store.tell(
                        "alarm",
                        marker.name(),
                        Map.of(
                                "reason",
                                "there are other files of this name, which are left alone",
                                "id",
                                marker.id().toString()));
                log.warn(
                        "The files {} say that they are volume {}, whose record says otherwise;"
                                + " they are left alone",
                        marker.id(),
                        marker.name());
            }
        }
    }

    private static boolean isRemoved(VolumeRecord record, Marker marker) {
        return record.state() == VolumeState.DELETED
                && record.id().equals(marker.id())
                && marker.epoch() < record.epoch();
    }

    /** It was removed while its files were away, which are back. */
    private void retire(VolumeRecord removed, Marker marker) {
        trash.take(removed, marker);
        alarm(removed, "it was removed while its files were away; they are in the trash now");
    }

    private void settle(Versioned known, Optional<Marker> marker) {
        VolumeRecord record = known.record();
        switch (record.state()) {
            // How it was to be removed is not known any more; from the trash it can be had back.
            case DELETING -> trash.complete(known, OnRemove.TRASH);
            case NEW -> {
                if (marker.isPresent() && marker.get().agreesWith(record)) {
                    store.records().replace(known, record.in(VolumeState.ACTIVE));
                } else if (!record.spec().from().isEmpty()) {
                    undoUnlessMarked(known);
                }
            }
            case ACTIVE, LOST -> bytes(known, marker);
            case MOVING, DELETED -> {}
        }
    }

    /**
     * A clone or an import that was not made to its end: made now, it would have what its origin
     * has by now. Bytes get their marker when they are whole, so those with any are not touched:
     * then the record is old.
     */
    private void undoUnlessMarked(Versioned known) {
        VolumeRecord record = known.record();
        if (!store.backend(record.spec()).probe().works()) {
            return; // Refused to whoever mounts it; a start with its pool will see to it.
        }
        if (store.marker(record).isPresent()) {
            alarm(record, "its record says that it has no files yet, and there are some");
            return;
        }
        StorageFailure.run(
                "Volume " + record.name() + " was not made to its end",
                () -> store.backend(record.spec()).destroy(record.id()));
        creation.forgetSource(record);
        store.records().replace(known, record.inNextEpoch(VolumeState.DELETED));
        log.warn(
                "Volume {} was not made of {} to its end, and is undone",
                record.name(),
                record.spec().from());
    }

    private void bytes(Versioned known, Optional<Marker> marker) {
        VolumeRecord record = known.record();
        if (marker.isEmpty()) {
            if (record.state() == VolumeState.ACTIVE
                    && store.backend(record.spec()).probe().works()
                    && !hasBytes(record)) {
                store.records().replace(known, record.in(VolumeState.LOST));
                alarm(record, "its files are not in its pool any more");
            }
            return;
        }
        Marker found = marker.get();
        if (isOneStepBehind(found, record)) {
            log.info("The files of volume {} get the epoch of its record", record.name());
            StorageFailure.run(
                    "The files of volume " + record.name() + " cannot be marked",
                    () -> store.mark(store.live(record)));
        } else if (!found.agreesWith(record)) {
            alarm(
                    record,
                    "its files are of epoch %d and its record of %d: the %s old"
                            .formatted(
                                    found.epoch(),
                                    record.epoch(),
                                    found.epoch() > record.epoch() ? "catalog is" : "files are"));
            return;
        }
        if (record.state() == VolumeState.LOST) {
            store.records().replace(known, record.in(VolumeState.ACTIVE));
            log.info("The files of volume {} are back", record.name());
        }
    }

    /**
     * Whether the record was written and the agent stopped before it could mark the bytes: when
     * they went back to a snapshot, or came back from the trash.
     */
    private static boolean isOneStepBehind(Marker found, VolumeRecord record) {
        return found.id().equals(record.id())
                && (found.state() == Marker.State.RETIRED
                        ? found.epoch() < record.epoch()
                        : found.state() == Marker.State.LIVE
                                && found.epoch() + 1 == record.epoch());
    }

    private boolean hasBytes(VolumeRecord record) {
        return StorageFailure.ask(
                "Whether volume " + record.name() + " has files cannot be told",
                () -> store.backend(record.spec()).exists(record.id()));
    }

    private void alarm(VolumeRecord record, String reason) {
        log.warn("Volume {}: {}", record.name(), reason);
        store.tell("alarm", record.name(), Map.of("reason", reason));
    }
}
