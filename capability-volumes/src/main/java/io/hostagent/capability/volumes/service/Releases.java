// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.service;

import io.hostagent.capability.volumes.catalog.Catalog.Versioned;
import io.hostagent.capability.volumes.volume.VolumeName;
import io.hostagent.capability.volumes.volume.VolumeRecord;
import io.hostagent.core.error.AgentException;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
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

    /** When a volume is looked at next, in the nanoseconds of this process. */
    private final Map<VolumeName, Long> planned = new HashMap<>();

    /** Volumes that somebody still had when they were last looked at. */
    private final Set<VolumeName> kept = ConcurrentHashMap.newKeySet();

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

    /**
     * Looks at those that somebody still had, some time from now: a host may start and end a
     * hundred containers a second, and engines tell of the end of most users themselves.
     */
    void laterForKept() {
        kept.forEach(name -> plan(name, LATER));
    }

    /** A container may never come of a mount that was asked for: engines do not always say so. */
    void whenOld(VolumeName name) {
        plan(name, MountIds.YOUNG.plus(SOON));
    }

    private synchronized void plan(VolumeName name, Duration delay) {
        long due = System.nanoTime() + delay.toNanos();
        Long other = planned.get(name);
        if (other == null || due - other < 0) {
            planned.put(name, due);
            timer.after(delay, () -> look(name, due));
        }
    }

    private void look(VolumeName name, long due) {
        synchronized (this) {
            if (!planned.remove(name, due)) {
                return; // It was looked at before that.
            }
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
            kept.remove(name);
            return false;
        }
        try {
            Optional<VolumeUser> user = store.use().any(record.id(), store.place(record));
            if (user.isPresent()) {
                kept.add(name);
                // A container's end is told by the engine; that of the others is not.
                return !user.get().what().equals("container");
            }
            store.attachments().detach(store.backend(record.spec()), record.id());
            store.ids().clear(record.id());
            kept.remove(name);
            store.tell("unmount", name, Map.of());
            return false;
        } catch (IOException e) {
            log.debug("Volume {} stays mounted: {}", name, e.getMessage());
            return true;
        }
    }
}
