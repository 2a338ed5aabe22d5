// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.service;

import io.hostagent.capability.volumes.catalog.Catalog.Versioned;
import io.hostagent.capability.volumes.catalog.RecordFolder;
import io.hostagent.capability.volumes.volume.VolumeName;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last known state of every record, in memory and on the disk. An engine that starts is
 * answered from it, whatever the catalog does: an answer of "no such volume" would make the engine
 * forget who uses it.
 */
final class KnownVolumes {

    private static final Logger log = LoggerFactory.getLogger(KnownVolumes.class);

    private final RecordFolder disk;
    private final Map<VolumeName, Versioned> records = new ConcurrentSkipListMap<>();

    /** Begins with what was known before the last stop. */
    KnownVolumes(RecordFolder disk) throws IOException {
        this.disk = disk;
        RecordFolder.Content content = disk.read();
        content.records().forEach(known -> records.put(known.record().name(), known));
        for (var damaged : content.damaged()) {
            // It is made anew from the catalog.
            log.warn("{} is damaged and was put aside", disk.setAside(damaged));
        }
    }

    /** A record was read or written. What is older than what is known changes nothing. */
    void accept(Versioned now) {
        records.compute(
                now.record().name(),
                (name, known) -> {
                    if (known != null && known.version() >= now.version()) {
                        return known;
                    }
                    try {
                        disk.write(now);
                    } catch (IOException e) {
                        log.warn(
                                "What is known of volume {} cannot be kept: {}",
                                name,
                                e.toString());
                    }
                    return now;
                });
    }

    /** A record is no more. */
    void forget(VolumeName name) {
        records.computeIfPresent(
                name,
                (forgotten, known) -> {
                    try {
                        disk.delete(forgotten);
                    } catch (IOException e) {
                        log.warn("What was known of volume {} cannot be removed: {}", name, e);
                    }
                    return null;
                });
    }

    Optional<Versioned> find(VolumeName name) {
        return Optional.ofNullable(records.get(name));
    }

    /** All of them, tombstones among them, by name. */
    Collection<Versioned> all() {
        return List.copyOf(records.values());
    }
}
