// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.marker;

import io.hostagent.capability.volumes.volume.VolumeName;
import io.hostagent.capability.volumes.volume.VolumeRecord;
import io.hostagent.capability.volumes.volume.VolumeSpec;
import io.hostagent.capability.volumes.volume.VolumeState;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/**
 * What the bytes of a volume say of themselves. They may be written only where the catalog's record
 * says the same. It has all that a record can be made of again, should the catalog be lost, but for
 * labels, which the engine has as well.
 *
 * @param home of the agent that may write them, see the service's {@code Home}; hosts may share a
 *     pool, and each leaves alone what is another's
 * @param epoch for which the bytes are good
 * @param created when the volume was
 * @param since when the state began
 * @param until when retired bytes may be destroyed; {@link Instant#MAX} otherwise
 */
public record Marker(
        UUID id,
        VolumeName name,
        String home,
        long epoch,
        State state,
        VolumeSpec spec,
        Instant created,
        Instant since,
        Instant until) {

    /** What the bytes are. */
    public enum State {
        /** The volume's own. */
        LIVE,
        /** The volume's own, and nobody may write them while they are fetched from here. */
        SEALED,
        /** A copy of the volume, of some time. */
        REPLICA,
        /** What is left of a volume that was removed, or that is elsewhere by now. */
        RETIRED;

        /** As it is in the file. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The marker of bytes that a record says are the volume's own. */
    public static Marker live(VolumeRecord record, String home, Instant now) {
        return new Marker(
                record.id(),
                record.name(),
                home,
                record.epoch(),
                State.LIVE,
                record.spec(),
                record.created(),
                now,
                Instant.MAX);
    }

    /** The same for bytes of a removed volume. */
    public Marker retired(long atEpoch, Instant now, Instant end) {
        return new Marker(id, name, home, atEpoch, State.RETIRED, spec, created, now, end);
    }

    /** Whether a record and these bytes agree that its owner may write them. */
    public boolean agreesWith(VolumeRecord record) {
        return state == State.LIVE && id.equals(record.id()) && epoch == record.epoch();
    }

    /** A record for bytes whose record was lost. */
    public VolumeRecord record(String owner, String boot) {
        return new VolumeRecord(
                name,
                id,
                epoch,
                VolumeState.ACTIVE,
                owner,
                boot,
                null,
                spec,
                Map.of(),
                List.of(),
                List.of(),
                created,
                UUID.randomUUID().toString());
    }
}
