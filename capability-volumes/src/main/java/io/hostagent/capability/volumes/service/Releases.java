// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.service;

import io.hostagent.capability.volumes.catalog.Catalog.Versioned;
import io.hostagent.capability.volumes.volume.VolumeName;
import io.hostagent.capability.volumes.volume.VolumeRecord;
import io.hostagent.core.error.AgentException;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Unmounts volumes that nobody uses any more. It looks some time after something has happened: a
 * container that restarts finds its volume still mounted. While nothing happens, it does nothing.
 */
final class Releases {

    private static final Logger log = LoggerFactory.getLogger(Releases.class);

    private static final Duration SOON = Duration.ofSeconds(2);
    private static final Duration LATER = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Store store;
    private final VolumeTimer timer;
    private final Set<VolumeName> planned = new HashSet<>();

    Releases(Store store, VolumeTimer timer) {
        this.store = store;
        this.timer = timer;
    }

    /** A volume may have lost its last user. */
    void soon(VolumeName name) {
        plan(name, SOON);
    }

    /** Looks at all volumes that are mounted: the engine may have forgotten some. */
    void soonForAll() {
        Set<UUID> attached = Set.copyOf(store.attachments().all());
        store.known().all().stream()
                .map(Versioned::record)
                .filter(record -> attached.contains(record.id()))
                .forEach(record -> soon(record.name()));
    }

    private synchronized void plan(VolumeName name, Duration delay) {
        if (planned.add(name)) {
            timer.after(delay, () -> look(name));
        }
    }

    private void look(VolumeName name) {
        synchronized (this) {
            planned.remove(name);
        }
        try {
            boolean again =
                    store.locks().with(name, "a look at its users", PATIENCE, () -> release(name));
            if (again) {
                plan(name, LATER);
            }
        } catch (AgentException e) {
            // Somebody does something with it, and will say so when that is over.
            plan(name, LATER);
        } catch (RuntimeException e) {
            log.error("Volume {} cannot be released", name, e);
        }
    }

    /** Whether to look once more. */
    private boolean release(VolumeName name) {
        VolumeRecord record = store.known().find(name).map(Versioned::record).orElse(null);
        if (record == null || store.attachments().data(record.id()).isEmpty()) {
            return false;
        }
        try {
            List<VolumeUser> users = store.use().of(record.id(), store.place(record));
            if (!users.isEmpty()) {
                // A container's end is told by the engine; that of the others is not.
                return users.stream().noneMatch(user -> user.what().equals("container"));
            }
            store.attachments().detach(store.backend(record.spec()), record.id());
            store.ids().clear(record.id());
            store.tell("unmount", name, Map.of());
            return false;
        } catch (IOException e) {
            log.debug("Volume {} stays mounted: {}", name, e.getMessage());
            return true;
        }
    }
}
