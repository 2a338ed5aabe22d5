// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.event;

/** What a follower of events is told. */
public sealed interface Told {

    /** Where it stands: greater than that of everything told before. */
    long id();

    /** An event. */
    record Happened(long id, VolumeEvent event) implements Told {}

    /** There was more up to this ID, which is not kept any more: the follower was too slow. */
    record Missed(long id) implements Told {}
}
