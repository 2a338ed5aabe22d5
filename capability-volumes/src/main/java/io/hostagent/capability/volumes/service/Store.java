// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.service;

import io.hostagent.capability.volumes.backend.Backend;
import io.hostagent.capability.volumes.backend.Pools;
import io.hostagent.capability.volumes.backend.Snapshot;
import io.hostagent.capability.volumes.backend.VolumeFolder;
import io.hostagent.capability.volumes.catalog.Catalog.Versioned;
import io.hostagent.capability.volumes.catalog.RecordWriter;
import io.hostagent.capability.volumes.event.VolumeEvent;
import io.hostagent.capability.volumes.event.VolumeEvents;
import io.hostagent.capability.volumes.marker.Marker;
import io.hostagent.capability.volumes.marker.MarkerFile;
import io.hostagent.capability.volumes.service.UserSource.Place;
import io.hostagent.capability.volumes.volume.VolumeName;
import io.hostagent.capability.volumes.volume.VolumeRecord;
import io.hostagent.capability.volumes.volume.VolumeSpec;
import io.hostagent.capability.volumes.volume.VolumeState;
import io.hostagent.core.error.CallerException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What all that is done with volumes stands on.
 *
 * @param home this host and its folder
 * @param boot this start of the agent
 * @param files copies files for what a backend cannot do by itself
 */
record Store(
        Home home,
        String boot,
        VolumeLocks locks,
        RecordWriter records,
        KnownVolumes known,
        Pools pools,
        Attachments attachments,
        MountIds ids,
        VolumeUse use,
        FileCopy files,
        VolumeEvents events,
        Clock clock) {

    /** A volume as users see it. */
    KnownVolume show(Versioned versioned) {
        return new KnownVolume(
                versioned.record(), versioned.version(), attachments.data(versioned.record().id()));
    }

    /**
     * The record of a volume that is there.
     *
     * @throws CallerException 404 when there is none
     */
    Versioned require(VolumeName name) {
        return records.read(name)
                .filter(now -> now.record().state().isVisible())
                .orElseThrow(() -> noSuchVolume(name));
    }

    /** The same, and it is still the one that the caller has read. */
    Versioned require(VolumeName name, OptionalLong expected) {
        Versioned now = require(name);
        if (expected.isPresent() && expected.getAsLong() != now.version()) {
            throw new CallerException(
                    412,
                    "Volume " + name + " is another one by now",
                    "Its version is " + now.version() + ": look at it and try again");
        }
        return now;
    }

    /** The same, and its bytes are here and good. */
    Versioned requireBytes(VolumeName name, OptionalLong expected) {
        Versioned now = require(name, expected);
        VolumeRecord record = now.record();
        if (record.state() == VolumeState.NEW) {
            throw new CallerException(
                    409, "Volume " + name + " holds nothing yet", "Nobody has mounted it so far");
        }
        requireOwn(record);
        requireMarker(record);
        return now;
    }

    /**
     * @throws CallerException 409 unless this host may use the volume in the state that it is in
     */
    void requireOwn(VolumeRecord record) {
        if (!record.owner().equals(node())) {
            throw unusable(record, "it belongs to another host: " + record.owner());
        }
        switch (record.state()) {
            case NEW, ACTIVE -> {}
            case MOVING -> throw unusable(record, "it is being moved");
            case DELETING, DELETED -> throw unusable(record, "it is being removed");
            case LOST ->
                    throw unusable(
                            record,
                            "its files are not in the pool: put them back, restore a copy under"
                                    + " another name, or remove the volume");
        }
    }

    /**
     * @throws CallerException 409 unless the bytes say the same as the record
     */
    void requireMarker(VolumeRecord record) {
        Optional<Marker> marker = marker(record);
        if (marker.isEmpty()) {
            throw unusable(
                    record,
                    "its files are not in " + backend(record.spec()).pool() + ": is that mounted?");
        }
        if (isForeign(marker.get())) {
            throw unusable(record, "its files are another host's");
        }
        if (!marker.get().agreesWith(record)) {
            throw unusable(
                    record,
                    "the catalog says epoch %d and its files say %d, %s: one of them is old"
                            .formatted(
                                    record.epoch(),
                                    marker.get().epoch(),
                                    marker.get().state().word()));
        }
    }

    /** What the bytes of a volume say; empty when there are none. */
    Optional<Marker> marker(VolumeRecord record) {
        return StorageFailure.ask(
                "The files of volume " + record.name() + " cannot be trusted",
                () -> marker(backend(record.spec()), record.id()));
    }

    /** What the bytes of an ID say; empty when there are none. */
    Optional<Marker> marker(Backend backend, UUID id) throws IOException {
        backend.awaitAnswer();
        return MarkerFile.read(backend.pool(), id);
    }

    /** The backend of a volume, whether it works now or not. */
    Backend backend(VolumeSpec spec) {
        return pools.find(spec.backend())
                .orElseThrow(
                        () ->
                                new CallerException(
                                        409,
                                        "backend="
                                                + spec.backend().word()
                                                + " is not set up on this host",
                                        pools.probe(spec.backend()).missing().orElse("")));
    }

    /** Where a volume is mounted; {@code null} when it is not. */
    @Nullable Path attachedPoint(VolumeRecord record) {
        return attachments.data(record.id()).isPresent() ? attachments.point(record.id()) : null;
    }

    /** What containers would get of something that is mounted. */
    Path dataOf(Path point) {
        return point.resolve(VolumeFolder.DATA);
    }

    /**
     * A snapshot of a volume.
     *
     * @throws CallerException 404 when there is none of that name
     */
    Snapshot requireSnapshot(VolumeRecord record, String snapshot) {
        return StorageFailure.ask(
                        "The snapshots of volume " + record.name() + " cannot be read",
                        () -> backend(record.spec()).snapshots(record.id()))
                .stream()
                .filter(found -> found.name().equals(snapshot))
                .findFirst()
                .orElseThrow(
                        () ->
                                CallerException.notFound(
                                        "Volume " + record.name() + " has no snapshot " + snapshot,
                                        "Look at the list of its snapshots"));
    }

    /**
     * Where users of a volume would be seen.
     *
     * @throws IOException when its pool does not answer: whoever looked there would wait for ever
     */
    Place place(VolumeRecord record) throws IOException {
        Backend backend = backend(record.spec());
        backend.awaitAnswer();
        Path folder = VolumeFolder.of(backend.pool(), record.id()).path();
        return new Place(record.name(), attachments.point(record.id()), folder);
    }

    /**
     * Lets go of a volume that nobody uses.
     *
     * @param what is wanted, for the error
     * @throws CallerException 409 with those who use it
     */
    void requireUnused(VolumeRecord record, String what) {
        List<VolumeUser> users =
                StorageFailure.ask(what, () -> use.settled(record.id(), place(record)));
        if (!users.isEmpty()) {
            throw new CallerException(
                    409, what, "It is in use by " + words(users) + " on this host");
        }
        Backend backend = backend(record.spec());
        boolean held =
                StorageFailure.ask(
                        what,
                        () -> {
                            attachments.detach(backend, record.id());
                            ids.clear(record.id());
                            return use.staysHeld(backend, record.id());
                        });
        if (held) {
            throw new CallerException(
                    409, what, "Its device is still mounted in a namespace that cannot be seen");
        }
    }

    private static String words(List<VolumeUser> users) {
        return String.join(", ", users.stream().map(VolumeUser::toString).distinct().toList());
    }

    /** Changes the record of a volume, and then what its bytes say. */
    Versioned enter(Versioned now, VolumeRecord next) {
        Versioned written = records.replace(now, next);
        StorageFailure.run(
                "The files of volume " + next.name() + " cannot be marked", () -> mark(live(next)));
        return written;
    }

    /** This host, as records name their owner. */
    String node() {
        return home.node();
    }

    /** What bytes of this host say when they are a volume's own. */
    Marker live(VolumeRecord record) {
        return Marker.live(record, home.id(), clock.instant());
    }

    /** Whether bytes are another host's, which has mounted the same pool. */
    boolean isForeign(Marker marker) {
        return !marker.home().equals(home.id());
    }

    void mark(Marker marker) throws IOException {
        Backend backend = backend(marker.spec());
        backend.awaitAnswer();
        MarkerFile.write(backend.pool(), marker);
    }

    Instant now() {
        return clock.instant();
    }

    /** Tells of something that happened. */
    void tell(String action, VolumeName name, Map<String, String> details) {
        events.publish(new VolumeEvent(clock.instant(), action, name.value(), details));
    }

    /** Another one of a host's many IDs. */
    static String shortId() {
        return UUID.randomUUID().toString().substring(0, 8);
    }

    static CallerException noSuchVolume(VolumeName name) {
        return CallerException.notFound(
                "There is no volume " + name, "Look at the list of volumes");
    }

    private static CallerException unusable(VolumeRecord record, String why) {
        return new CallerException(
                409,
                "Volume " + record.name() + " cannot be used here",
                Character.toUpperCase(why.charAt(0)) + why.substring(1));
    }
}
