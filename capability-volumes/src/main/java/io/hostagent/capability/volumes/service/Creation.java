// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.service;

import io.hostagent.capability.volumes.backend.Backend;
import io.hostagent.capability.volumes.catalog.Catalog.Versioned;
import io.hostagent.capability.volumes.option.SpecChoice;
import io.hostagent.capability.volumes.option.VolumeOptions;
import io.hostagent.capability.volumes.option.VolumeOptions.Source;
import io.hostagent.capability.volumes.volume.OnRemove;
import io.hostagent.capability.volumes.volume.VolumeName;
import io.hostagent.capability.volumes.volume.VolumeRecord;
import io.hostagent.capability.volumes.volume.VolumeSpec;
import io.hostagent.capability.volumes.volume.VolumeState;
import io.hostagent.core.error.AgentException;
import io.hostagent.core.error.CallerException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * New volumes. The record comes first and the bytes after it, so that no bytes are ever without a
 * name; those of an empty volume are made by its first mount.
 */
final class Creation {

    private static final Logger log = LoggerFactory.getLogger(Creation.class);

    /** What stands before the folder that a volume's files came from. */
    private static final String IMPORT = "import:";

    private static final Pattern ANONYMOUS = Pattern.compile("[0-9a-f]{64}");

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private final Store store;
    private final SpecChoice choice;

    Creation(Store store, SpecChoice choice) {
        this.store = store;
        this.choice = choice;
    }

    /** As {@link Volumes#create}; with the lock of the volume. */
    Versioned create(VolumeName name, Map<String, String> options) {
        VolumeOptions asked = VolumeOptions.parse(options);
        Optional<Versioned> now = store.records().read(name);
        if (now.isPresent() && now.get().record().state().isVisible()) {
            return same(now.get(), asked);
        }
        if (asked.from().isPresent()) {
            return told(filled(record(name, now, cloned(asked.from().get(), asked))));
        }
        VolumeSpec spec = choice.choose(asked);
        boolean thrownAway = isAnonymous(name) && !options.containsKey("onremove");
        return told(record(name, now, thrownAway ? spec.with(OnRemove.DELETE) : spec));
    }

    /** A name that an engine has made up: nobody would look for it in the trash. */
    private static boolean isAnonymous(VolumeName name) {
        return ANONYMOUS.matcher(name.value()).matches();
    }

    private static Versioned same(Versioned now, VolumeOptions asked) {
        if (now.record().state() == VolumeState.DELETING) {
            throw new CallerException(
                    409, "Volume " + now.record().name() + " is being removed", "Try again");
        }
        List<String> differences = asked.differences(now.record().spec());
        if (!differences.isEmpty()) {
            throw new CallerException(
                    409,
                    "There is a volume " + now.record().name() + " already, and it is another one",
                    String.join("; ", differences));
        }
        return now;
    }

    /** A clone is what its origin is, but for what was asked. */
    private VolumeSpec cloned(Source source, VolumeOptions asked) {
        VolumeRecord origin = store.requireBytes(source.volume(), OptionalLong.empty()).record();
        VolumeSpec spec = choice.choose(asked.orElseLike(origin.spec()));
        if (spec.size() > 0 && spec.size() < origin.spec().size()) {
            throw CallerException.badRequest(
                    "A clone cannot be smaller than volume " + source.volume(),
                    "That one has size=" + origin.spec().size());
        }
        return spec;
    }

    /** Makes a volume out of a folder; with the lock of the volume. */
    Versioned importFolder(Path folder, VolumeName name, Map<String, String> options) {
        VolumeOptions asked = VolumeOptions.parse(options);
        Optional<Versioned> now = store.records().read(name);
        if (now.isPresent() && now.get().record().state().isVisible()) {
            throw new CallerException(
                    409, "There is a volume " + name + " already", "Import under another name");
        }
        return told(filled(record(name, now, choice.choose(asked).withFrom(IMPORT + folder))));
    }

    private Versioned record(VolumeName name, Optional<Versioned> tombstone, VolumeSpec spec) {
        long epoch = tombstone.map(old -> old.record().epoch() + 1).orElse(1L);
        VolumeRecord fresh =
                VolumeRecord.fresh(name, epoch, store.node(), store.boot(), spec, store.now());
        return tombstone.isPresent()
                ? store.records().replace(tombstone.get(), fresh)
                : store.records().create(fresh);
    }

    /** A volume that has to be filled is there only then. */
    private Versioned told(Versioned made) {
        VolumeRecord record = made.record();
        store.tell("create", record.name(), Map.of("id", record.id().toString()));
        return made;
    }

    /** What shall not begin empty gets its bytes at once; when it cannot, nothing is left of it. */
    private Versioned filled(Versioned fresh) {
        try {
            return makeBytes(fresh);
        } catch (AgentException failure) {
            store.records().replace(fresh, fresh.record().inNextEpoch(VolumeState.DELETED));
            throw failure;
        }
    }

    /** Makes the bytes of a volume that has none; with the lock of the volume. */
    Versioned makeBytes(Versioned fresh) {
        VolumeRecord record = fresh.record();
        Backend backend = store.backend(record.spec());
        StorageFailure.run(
                "Unable to make volume " + record.name(),
                () -> {
                    if (store.marker(record).isPresent()) {
                        return; // Made, and the agent was stopped before it could say so.
                    }
                    backend.destroy(record.id());
                    try {
                        fill(record, backend);
                        store.mark(store.live(record));
                    } catch (IOException | RuntimeException e) {
                        destroy(record, backend);
                        throw e;
                    }
                });
        return store.records().replace(fresh, record.in(VolumeState.ACTIVE));
    }

    private void destroy(VolumeRecord record, Backend backend) {
        try {
            store.attachments().detach(backend, record.id());
            backend.destroy(record.id());
        } catch (IOException e) {
            log.warn("Half of volume {} is left in {}: {}", record.name(), backend.pool(), e);
        }
    }

    private void fill(VolumeRecord record, Backend backend) throws IOException {
        String from = record.spec().from();
        if (from.isEmpty()) {
            backend.create(record.id(), record.spec());
        } else if (from.startsWith(IMPORT)) {
            copyInto(record, backend, Path.of(from.substring(IMPORT.length())));
        } else {
            fillFrom(Source.parse(from), record, backend);
        }
    }

    /** While that goes on, nobody removes the other volume. */
    private void fillFrom(Source source, VolumeRecord record, Backend backend) {
        store.locks()
                .with(
                        source.volume(),
                        "a clone of it",
                        LONGEST_WAIT,
                        () -> {
                            StorageFailure.run(
                                    "Unable to make volume " + record.name() + " of " + source,
                                    () -> cloneInto(record, backend, source));
                            return record;
                        });
    }

    private void cloneInto(VolumeRecord record, Backend backend, Source source) throws IOException {
        VolumeRecord origin = store.requireBytes(source.volume(), OptionalLong.empty()).record();
        Backend other = store.backend(origin.spec());
        String snapshot = source.snapshot().orElse(forClone(record));
        if (source.snapshot().isPresent()) {
            store.requireSnapshot(origin, snapshot);
        } else {
            // One may be left of a try that a stop has cut off.
            other.deleteSnapshot(origin.id(), snapshot);
            other.snapshot(origin.id(), snapshot, store.attachedPoint(origin));
        }
        try {
            if (other.kind() == backend.kind()) {
                backend.copy(origin.id(), snapshot, record.id(), record.spec());
            } else {
                Path point = store.attachments().attachSnapshot(other, origin.id(), snapshot);
                try {
                    copyInto(record, backend, store.dataOf(point));
                } finally {
                    store.attachments().detachSnapshot(other, origin.id(), point);
                }
            }
        } finally {
            if (source.snapshot().isEmpty()) {
                other.deleteSnapshot(origin.id(), snapshot);
            }
        }
    }

    /** Takes away what the origin of a clone that was cut off has for it. */
    void forgetSource(VolumeRecord record) {
        String from = record.spec().from();
        if (from.startsWith(IMPORT) || Source.parse(from).snapshot().isPresent()) {
            return;
        }
        store.known()
                .find(Source.parse(from).volume())
                .map(Versioned::record)
                .filter(origin -> origin.state() == VolumeState.ACTIVE)
                .ifPresent(
                        origin ->
                                StorageFailure.run(
                                        "The snapshot for " + record.name() + " is left",
                                        () ->
                                                store.backend(origin.spec())
                                                        .deleteSnapshot(
                                                                origin.id(), forClone(record))));
    }

    private static String forClone(VolumeRecord record) {
        return "clone-" + record.id();
    }

    private void copyInto(VolumeRecord record, Backend backend, Path folder) throws IOException {
        backend.create(record.id(), record.spec());
        Path data = store.attachments().attach(backend, record.id(), record.spec());
        store.files().copy(folder, data);
        store.attachments().detach(backend, record.id());
    }
}
