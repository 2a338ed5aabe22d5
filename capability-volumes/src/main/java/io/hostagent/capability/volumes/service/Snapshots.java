// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.service;

import io.hostagent.capability.volumes.backend.Backend;
import io.hostagent.capability.volumes.backend.Snapshot;
import io.hostagent.capability.volumes.catalog.Catalog.Versioned;
import io.hostagent.capability.volumes.option.ByteSize;
import io.hostagent.capability.volumes.volume.VolumeName;
import io.hostagent.capability.volumes.volume.VolumeRecord;
import io.hostagent.capability.volumes.volume.VolumeSpec;
import io.hostagent.capability.volumes.volume.VolumeState;
import io.hostagent.core.error.CallerException;
import java.io.IOException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Snapshots of volumes, and their sizes. Everything here is done with the lock of the volume. */
final class Snapshots {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final Store store;

    Snapshots(Store store) {
        this.store = store;
    }

    /** As {@link Volumes#snapshot}. */
    Snapshot take(VolumeName name, String snapshot) {
        VolumeRecord record = store.requireBytes(name, OptionalLong.empty()).record();
        Backend backend = store.backend(record.spec());
        String what = "Unable to take snapshot " + snapshot + " of volume " + name;
        if (list(record).stream().anyMatch(found -> found.name().equals(snapshot))) {
            throw new CallerException(409, what, "There is one of this name already");
        }
        StorageFailure.run(
                what, () -> backend.snapshot(record.id(), snapshot, store.attachedPoint(record)));
        store.tell("snapshot", name, Map.of("snapshot", snapshot));
        return store.requireSnapshot(record, snapshot);
    }

    /** The snapshots of a volume that may have no bytes yet. */
    List<Snapshot> list(VolumeRecord record) {
        if (record.state() == VolumeState.NEW) {
            return List.of();
        }
        return StorageFailure.ask(
                "The snapshots of volume " + record.name() + " cannot be read",
                () -> store.backend(record.spec()).snapshots(record.id()));
    }

    /** As {@link Volumes#deleteSnapshot}. */
    void delete(VolumeName name, String snapshot) {
        VolumeRecord record = store.requireBytes(name, OptionalLong.empty()).record();
        store.requireSnapshot(record, snapshot);
        String what = "Unable to delete snapshot " + snapshot + " of volume " + name;
        if (store.attachments().shows(record.id(), snapshot)) {
            throw new CallerException(409, what, "Its files are being read: try again later");
        }
        StorageFailure.run(
                what, () -> store.backend(record.spec()).deleteSnapshot(record.id(), snapshot));
        store.tell("snapshot-delete", name, Map.of("snapshot", snapshot));
    }

    /** As {@link Volumes#restore}. */
    String restore(VolumeName name, String snapshot, OptionalLong expected) {
        Versioned now = store.requireBytes(name, expected);
        VolumeRecord record = now.record();
        Backend backend = store.backend(record.spec());
        String what = "Unable to make volume " + name + " what it was in " + snapshot;
        store.requireSnapshot(record, snapshot);
        store.requireUnused(record, what);
        String before = "before-restore-" + TIME.format(store.now()) + "-" + Store.shortId();
        StorageFailure.run(
                what,
                () -> {
                    backend.snapshot(record.id(), before, null);
                    backend.restore(record.id(), snapshot);
                });
        store.enter(now, record.inNextEpoch(VolumeState.ACTIVE));
        store.tell("restore", name, Map.of("snapshot", snapshot, "before", before));
        return before;
    }

    /** As {@link Volumes#resize}. */
    Versioned resize(VolumeName name, String size, OptionalLong expected) {
        long bytes = ByteSize.parse(size);
        Versioned now = store.require(name, expected);
        VolumeRecord record = now.record();
        store.requireOwn(record);
        VolumeSpec resized = record.spec().withSize(bytes);
        try {
            store.backend(resized).check(resized);
        } catch (IOException e) {
            throw CallerException.badRequest(
                    "Volume " + name + " cannot have this size", String.valueOf(e.getMessage()));
        }
        if (record.state() == VolumeState.NEW) {
            return store.records().replace(now, record.with(resized));
        }
        store.requireMarker(record);
        StorageFailure.run(
                "Unable to give volume " + name + " another size",
                () ->
                        store.backend(record.spec())
                                .resize(
                                        record.id(),
                                        record.spec(),
                                        bytes,
                                        store.attachedPoint(record)));
        Versioned written = store.enter(now, record.with(resized));
        store.tell("resize", name, Map.of("size", Long.toString(bytes)));
        return written;
    }
}
