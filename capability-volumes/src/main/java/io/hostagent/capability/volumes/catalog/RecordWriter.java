// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.catalog;

import io.hostagent.capability.volumes.catalog.Catalog.Outcome;
import io.hostagent.capability.volumes.catalog.Catalog.Versioned;
import io.hostagent.capability.volumes.volume.VolumeName;
import io.hostagent.capability.volumes.volume.VolumeRecord;
import io.hostagent.core.error.BusyException;
import io.hostagent.core.error.CallerException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Changes records and finds out what came of it, also when the catalog did not say. Whoever goes on
 * afterwards knows that the record is the one that it got here.
 */
public final class RecordWriter {

    private static final int READS = 5;
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final Catalog catalog;
    private final Consumer<Versioned> seen;

    /**
     * Writes to a catalog.
     *
     * @param seen hears each record that was read or written, as what is known from now on
     */
    public RecordWriter(Catalog catalog, Consumer<Versioned> seen) {
        this.catalog = catalog;
        this.seen = seen;
    }

    /**
     * The record of a name, as it is now.
     *
     * @throws BusyException when the catalog cannot be asked
     */
    public Optional<Versioned> read(VolumeName name) {
        try {
            Optional<Versioned> now = catalog.get(name);
            now.ifPresent(seen);
            return now;
        } catch (IOException e) {
            throw unavailable(name, String.valueOf(e.getMessage()));
        }
    }

    /**
     * Makes a record, or finds the one that another was faster to make.
     *
     * @return what the catalog has now; the caller's own when it has its {@code tx}
     */
    public Versioned create(VolumeRecord record) {
        return switch (catalog.create(record)) {
            case Outcome.Done(Versioned now) -> tell(now);
            case Outcome.Conflict(Optional<Versioned> now) ->
                    tell(now.orElseThrow(() -> unavailable(record.name(), "it changes")));
            case Outcome.Unknown(String why) ->
                    settle(record, why).orElseThrow(() -> unavailable(record.name(), why));
        };
    }

    /**
     * Replaces a record that was read.
     *
     * @throws CallerException 409 when it is another one by now
     */
    public Versioned replace(Versioned read, VolumeRecord next) {
        Versioned now =
                switch (catalog.replace(read.version(), next)) {
                    case Outcome.Done(Versioned written) -> written;
                    case Outcome.Conflict(Optional<Versioned> other) ->
                            other.orElseThrow(() -> changed(next.name()));
                    case Outcome.Unknown(String why) ->
                            settle(next, why).orElseThrow(() -> unavailable(next.name(), why));
                };
        tell(now);
        if (!now.record().tx().equals(next.tx())) {
            throw changed(next.name());
        }
        return now;
    }

    /** Forgets a tombstone; it stays for a later time when it cannot be done now. */
    public boolean forget(Versioned tombstone) {
        return catalog.forget(tombstone.record().name(), tombstone.version())
                instanceof Outcome.Done;
    }

    /** Reads until it can be told whether a change was made. */
    private Optional<Versioned> settle(VolumeRecord mine, String why) {
        for (int i = 0; i < READS; i++) {
            if (i > 0) {
                LockSupport.parkNanos(PAUSE.toNanos());
            }
            try {
                return catalog.get(mine.name());
            } catch (IOException e) {
                // As unknown as before; the caller hears why it became so.
            }
        }
        throw unavailable(mine.name(), why);
    }

    private Versioned tell(Versioned now) {
        seen.accept(now);
        return now;
    }

    private static CallerException changed(VolumeName name) {
        return new CallerException(
                409, "Volume " + name + " was changed meanwhile", "Look at it and try again");
    }

    private static BusyException unavailable(VolumeName name, String why) {
        return new BusyException(
                "The record of volume " + name + " cannot be reached",
                why + "; nothing is mounted or removed until it can");
    }
}
