// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.service;

import io.hostagent.capability.volumes.backend.Snapshot;
import io.hostagent.capability.volumes.backend.Usage;
import io.hostagent.capability.volumes.volume.Hold;
import io.hostagent.capability.volumes.volume.OnRemove;
import io.hostagent.capability.volumes.volume.VolumeName;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * What can be done with volumes on this host. {@link #find} and {@link #all} answer from memory;
 * all else blocks, some of it for minutes, and takes the lock of its volume. What cannot be done is
 * an {@link io.hostagent.core.error.AgentException} with a status, what failed, and what to do.
 *
 * <p>Where a call takes {@code expected}, that is the version that the caller has read ({@link
 * KnownVolume#version}); another one by now is a 412, and nothing is changed.
 */
public interface Volumes {

    /**
     * Makes sure that all volumes are known: until then there seem to be none.
     *
     * @throws io.hostagent.core.error.BusyException 503 when they are not yet; never blocks
     */
    default void requireOpen() {}

    /** A volume as last known; never blocks. */
    Optional<KnownVolume> find(String name);

    /** All volumes as last known, by name; never blocks. */
    List<KnownVolume> all();

    /**
     * Creates a volume. One that is there and is what the options ask for is returned as it is.
     *
     * @param options as of {@code docker volume create -o}
     * @throws io.hostagent.core.error.CallerException 400 for an option, 409 when there is another
     *     one of this name, and says what differs
     */
    KnownVolume create(VolumeName name, Map<String, String> options);

    /**
     * Mounts a volume for a container.
     *
     * @param id of the mount, as the engine gives it; empty when it gives none
     * @return a folder that was verified to be this volume from the engine's point of view
     */
    Path mount(VolumeName name, String id);

    /** A container has ended, or so it seems: the volume is let go when nothing uses it. */
    void unmount(VolumeName name, String id);

    /** Where a volume is mounted now, verified as {@link #mount} does; empty when it is not. */
    Optional<Path> path(VolumeName name);

    /** Who uses a volume, as the host and the engine show it. */
    List<VolumeUser> users(VolumeName name);

    /**
     * Removes a volume that nobody uses and nobody holds.
     *
     * @param how empty: as the volume's own {@code onremove} says
     * @return what became of it
     */
    OnRemove remove(VolumeName name, Optional<OnRemove> how, OptionalLong expected);

    /** What is in the trash of this host, the latest first. */
    List<TrashedVolume> trash();

    /**
     * Takes a volume out of the trash.
     *
     * @param id which one; empty: the latest of this name
     * @param as the name that it gets; empty: its own
     */
    KnownVolume undelete(VolumeName name, Optional<UUID> id, Optional<VolumeName> as);

    /** Destroys what is in the trash: one volume, or all that was there for its time. */
    List<TrashedVolume> emptyTrash(Optional<UUID> id);

    /** Keeps what a volume holds now, under a name within the volume. */
    Snapshot snapshot(VolumeName name, String snapshot);

    /** The snapshots of a volume, the oldest first. */
    List<Snapshot> snapshots(VolumeName name);

    /** Throws a snapshot away. */
    void deleteSnapshot(VolumeName name, String snapshot);

    /**
     * Makes a volume that nobody uses what it was in a snapshot. What it was until then is kept as
     * a snapshot, too.
     *
     * @return the name of that one
     */
    String restore(VolumeName name, String snapshot, OptionalLong expected);

    /**
     * Makes a new volume out of another one.
     *
     * @param snapshot empty: what it holds now
     * @param options of the new one; otherwise those of the other one
     */
    KnownVolume clone(
            VolumeName from, Optional<String> snapshot, VolumeName to, Map<String, String> options);

    /** Changes the limit of a volume. */
    KnownVolume resize(VolumeName name, String size, OptionalLong expected);

    /**
     * Makes a volume out of a folder with files of this host, which stays as it is.
     *
     * @param folder such as that of a local volume of the engine, as this process sees it
     */
    KnownVolume importFolder(Path folder, VolumeName to, Map<String, String> options);

    /**
     * Opens the files of a volume, or of a snapshot of it, for reading. A volume stays mounted
     * until the lease is closed.
     */
    FileLease open(VolumeName name, Optional<String> snapshot);

    /** How much a volume holds; it may take a moment. */
    Usage usage(VolumeName name);

    /**
     * Keeps the labels that an engine gave a volume.
     *
     * @param id of the volume that has them; nothing happens when the name is another's by now
     */
    void label(VolumeName name, UUID id, Map<String, String> labels);

    /** Holds a volume, or holds it longer. */
    KnownVolume hold(VolumeName name, Hold hold);

    /** Lets go of a hold; nothing happens when there is none. */
    KnownVolume release(VolumeName name, String who);

    /** What the pools of this host can do. */
    List<PoolStatus> pools();
}
