// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.volume;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the catalog says of a name. There is one record for each, and it is changed by
 * compare-and-set alone.
 *
 * @param id of the bytes; every path on a disk is made of it. A name that is used again gets
 *     another one
 * @param epoch grows with each change of owner, each removal and each return from the trash:
 *     whoever has an older one must not write
 * @param owner the node that may mount it
 * @param ownerBoot the start of the agent there that took it over
 * @param move what goes on, in the state {@code moving} alone
 * @param labels that an engine was seen to give it, by name; engines tell nobody, and lose them
 * @param holds that were given, ended ones among them
 * @param created when the name got this id
 * @param tx marks the change that wrote this record, so that its writer knows it again when it did
 *     not hear what became of it
 */
public record VolumeRecord(
        VolumeName name,
        UUID id,
        long epoch,
        VolumeState state,
        String owner,
        String ownerBoot,
        @Nullable Move move,
        VolumeSpec spec,
        Map<String, String> labels,
        List<Replica> replicas,
        List<Hold> holds,
        Instant created,
        String tx) {

    public VolumeRecord {
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
        replicas = List.copyOf(replicas);
        holds = List.copyOf(holds);
    }

    /** A volume without bytes. */
    public static VolumeRecord fresh(
            VolumeName name, long epoch, String owner, String boot, VolumeSpec spec, Instant now) {
        return new VolumeRecord(
                name,
                UUID.randomUUID(),
                epoch,
                VolumeState.NEW,
                owner,
                boot,
                null,
                spec,
                Map.of(),
                List.of(),
                List.of(),
                now,
                nonce());
    }

    /** The same under another name. */
    public VolumeRecord named(VolumeName other) {
        return new VolumeRecord(
                other, id, epoch, state, owner, ownerBoot, move, spec, labels, replicas, holds,
                created, nonce());
    }

    /** The same in another state. */
    public VolumeRecord in(VolumeState next) {
        return with(epoch, next, spec, labels, holds);
    }

    /** The same in another state and the next epoch. */
    public VolumeRecord inNextEpoch(VolumeState next) {
        return with(epoch + 1, next, spec, labels, holds);
    }

    /** The same with another specification. */
    public VolumeRecord with(VolumeSpec changed) {
        return with(epoch, state, changed, labels, holds);
    }

    /** The same with other labels. */
    public VolumeRecord with(Map<String, String> changed) {
        return with(epoch, state, spec, changed, holds);
    }

    /** The same with other holds. */
    public VolumeRecord with(List<Hold> changed) {
        return with(epoch, state, spec, labels, changed);
    }

    /** The same in an epoch that is at least this one. */
    public VolumeRecord atLeast(long least) {
        return with(Math.max(epoch, least), state, spec, labels, holds);
    }

    private VolumeRecord with(
            long nextEpoch,
            VolumeState next,
            VolumeSpec nextSpec,
            Map<String, String> nextLabels,
            List<Hold> nextHolds) {
        return new VolumeRecord(
                name,
                id,
                nextEpoch,
                next,
                owner,
                ownerBoot,
                move,
                nextSpec,
                nextLabels,
                replicas,
                nextHolds,
                created,
                nonce());
    }

    /** The holds that count at a time. */
    public List<Hold> holdsAt(Instant now) {
        return holds.stream().filter(hold -> hold.countsAt(now)).toList();
    }

    private static String nonce() {
        return UUID.randomUUID().toString();
    }
}
