// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.backend;

import java.util.Optional;

/**
 * What a backend can do on this host.
 *
 * @param missing why it can do nothing, and what to do; empty when it works
 * @param limit how a size is kept
 * @param snapshots how a snapshot is made
 * @param exclusive how it can be proved that nobody has a volume mounted
 * @param fileSystem that the pool is on, such as {@code ext4}
 * @param capacity of that in bytes
 * @param free of that in bytes
 * @param note what else a user should know, such as a tool that is missing; empty when nothing
 */
public record Probe(
        Optional<String> missing,
        Limit limit,
        Snapshots snapshots,
        Exclusive exclusive,
        String fileSystem,
        long capacity,
        long free,
        String note) {

    /** How a size is kept. */
    public enum Limit {
        /** Not at all; a size is refused. */
        NONE,
        /** By a quota that counts a moment late. */
        SOFT,
        /** To the byte. */
        HARD
    }

    /** How a snapshot is made. */
    public enum Snapshots {
        NONE,
        /** By copying the bytes. */
        COPY,
        /** By sharing them until they change. */
        COW
    }

    /** How it can be proved that nobody has a volume mounted. */
    public enum Exclusive {
        /** By looking at the mounts of every process. */
        NAMESPACES,
        /** By opening its device for oneself alone, besides. */
        DEVICE
    }

    /** A backend that can do nothing here. */
    public static Probe missing(String why) {
        return new Probe(
                Optional.of(why), Limit.NONE, Snapshots.NONE, Exclusive.NAMESPACES, "", 0, 0, "");
    }

    /** Whether it works. */
    public boolean works() {
        return missing.isEmpty();
    }
}
