// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.service;

import io.hostagent.capability.volumes.backend.Backend;
import io.hostagent.capability.volumes.volume.VolumeName;
import io.hostagent.capability.volumes.volume.VolumeRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the files of volumes and snapshots for whoever reads them through the agent. Everything
 * here is done with the lock of the volume, but the end, which comes when it comes.
 */
final class Reading {

    private static final Logger log = LoggerFactory.getLogger(Reading.class);

    private final Store store;
    private final Mounting mounting;
    private final Releases releases;

    Reading(Store store, Mounting mounting, Releases releases) {
        this.store = store;
        this.mounting = mounting;
        this.releases = releases;
    }

    /** Opens a volume, which stays mounted meanwhile. */
    FileLease volume(VolumeName name) {
        VolumeRecord record = mounting.beginReading(name);
        return new Lease(
                store.attachments().data(record.id()).orElseThrow(),
                () -> {
                    store.use().endReading(record.id());
                    releases.soon(name);
                });
    }

    /** Opens a snapshot; meanwhile neither that nor the volume goes. */
    FileLease snapshot(VolumeName name, String snapshot) {
        VolumeRecord record = store.requireBytes(name, OptionalLong.empty()).record();
        Backend backend = store.backend(record.spec());
        store.requireSnapshot(record, snapshot);
        Path point =
                StorageFailure.ask(
                        "Unable to read snapshot " + snapshot + " of volume " + name,
                        () -> store.attachments().attachSnapshot(backend, record.id(), snapshot));
        store.use().beginReading(record.id());
        return new Lease(store.dataOf(point), () -> end(backend, record.id(), point));
    }

    private void end(Backend backend, UUID id, Path point) {
        try {
            store.attachments().detachSnapshot(backend, id, point);
        } catch (IOException e) {
            log.warn("The mount of a snapshot at {} is left: {}", point, e.getMessage());
        } finally {
            store.use().endReading(id);
        }
    }

    /** Files that are open until the one who has them is done. */
    private static final class Lease implements FileLease {

        private final Path folder;
        private final Runnable end;
        private boolean closed;

        Lease(Path folder, Runnable end) {
            this.folder = folder;
            this.end = end;
        }

        @Override
        public Path folder() {
            return folder;
        }

        @Override
        public synchronized void close() {
            if (!closed) {
                closed = true;
                end.run();
            }
        }
    }
}
