// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.catalog;

import io.hostagent.capability.volumes.volume.VolumeName;
import io.hostagent.capability.volumes.volume.VolumeRecord;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The truth about which volumes there are and who owns them. All calls block, and none holds a lock
 * when it returns.
 */
public interface Catalog {

    /**
     * A record as it was read.
     *
     * @param version grows with each change of this record; what {@link #replace} compares
     */
    record Versioned(VolumeRecord record, long version) {}

    /** What came of a change. */
    sealed interface Outcome {

        /** It was made. */
        record Done(Versioned now) implements Outcome {}

        /**
         * It was not made, because the record is not what the writer believed.
         *
         * @param now what it is instead; empty when there is none
         */
        record Conflict(Optional<Versioned> now) implements Outcome {}

        /**
         * Nobody can tell yet whether it was made. The writer has to read until it finds its own
         * {@link VolumeRecord#tx} or another one.
         *
         * @param why for people to read
         */
        record Unknown(String why) implements Outcome {}
    }

    /**
     * The record of a name.
     *
     * @throws IOException when the catalog cannot be asked
     */
    Optional<Versioned> get(VolumeName name) throws IOException;

    /** Makes a record for a name that has none. */
    Outcome create(VolumeRecord record);

    /** Replaces a record whose version is still the one that was read. */
    Outcome replace(long version, VolumeRecord record);

    /**
     * Forgets a record whose version is still the one that was read; for tombstones.
     *
     * @return {@link Outcome.Done} with the record that is forgotten now
     */
    Outcome forget(VolumeName name, long version);

    /**
     * All records, tombstones among them.
     *
     * @throws IOException when the catalog cannot be asked
     */
    List<Versioned> list() throws IOException;

    /**
     * Tells of changes that others make, from now on.
     *
     * @param changed hears a name, at least once after each change, and must not block
     * @return ends it
     */
    AutoCloseable watch(Consumer<VolumeName> changed);
}
