// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.service;

import io.hostagent.capability.volumes.catalog.Catalog.Versioned;
import io.hostagent.capability.volumes.volume.VolumeName;
import io.hostagent.capability.volumes.volume.VolumeRecord;
import io.hostagent.capability.volumes.volume.VolumeState;
import io.hostagent.core.error.CallerException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;

/** Mounts volumes for containers. Everything here is done with the lock of the volume. */
final class Mounting {

    private final Store store;
    private final Creation creation;

    Mounting(Store store, Creation creation) {
        this.store = store;
        this.creation = creation;
    }

    /** As {@link Volumes#mount}. */
    Path mount(VolumeName name, String id) {
        VolumeRecord record = ready(name);
        return StorageFailure.ask(
                "Unable to mount volume " + name,
                () -> {
                    // Said before the answer goes out: nobody takes the volume away in between.
                    try {
                        store.ids().add(record.id(), id);
                        Path data = attach(record);
                        // Its time begins now: to mount it may have taken most of it.
                        store.ids().add(record.id(), id);
                        store.tell("mount", name, Map.of("mount", id));
                        return data;
                    } catch (IOException | RuntimeException e) {
                        store.ids().remove(record.id(), id);
                        throw e;
                    }
                });
    }

    /** Gives a volume its bytes, should it have none yet; its owner is this host. */
    private VolumeRecord ready(VolumeName name) {
        Versioned now = found(store.require(name));
        store.requireOwn(now.record());
        if (now.record().state() == VolumeState.NEW) {
            requireMadeToItsEnd(now.record());
            return creation.makeBytes(now).record();
        }
        return store.requireBytes(name, OptionalLong.empty()).record();
    }

    /** What is made of something else is made when it is created, of what that is then. */
    private static void requireMadeToItsEnd(VolumeRecord record) {
        if (!record.spec().from().isEmpty()) {
            throw new CallerException(
                    409,
                    "Volume " + record.name() + " was not made to its end",
                    "Remove it, and make it of " + record.spec().from() + " again");
        }
    }

    /** Files that were gone and are back make a volume again. */
    private Versioned found(Versioned now) {
        VolumeRecord record = now.record();
        return record.state() == VolumeState.LOST
                        && record.owner().equals(store.node())
                        && store.marker(record).filter(is -> is.agreesWith(record)).isPresent()
                ? store.records().replace(now, record.in(VolumeState.ACTIVE))
                : now;
    }

    /** Mounts it unless it is. */
    Path attach(VolumeRecord record) throws IOException {
        return store.attachments().attach(store.backend(record.spec()), record.id(), record.spec());
    }

    /** Opens the files of a volume for reading. */
    VolumeRecord beginReading(VolumeName name) {
        VolumeRecord record = store.requireBytes(name, OptionalLong.empty()).record();
        store.use().beginReading(record.id());
        try {
            StorageFailure.run("Unable to read volume " + name, () -> attach(record));
            return record;
        } catch (RuntimeException e) {
            store.use().endReading(record.id());
            throw e;
        }
    }
}
