// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.backend;

import io.hostagent.capability.volumes.volume.BackendKind;
import io.hostagent.capability.volumes.volume.VolumeSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One way to keep the bytes of volumes. Everything blocks; the caller holds the lock of the volume.
 * What a call does is complete when it returns, and a call that was cut off by a crash can be made
 * again. An {@link IOException} says in words what failed and what to do; a full disk is a {@link
 * NoSpaceException}.
 *
 * <p>A volume has a folder of its own in the pool, named by its ID ({@link VolumeFolder}), with its
 * marker, its bytes and its snapshots. What is mounted has {@code _data} in it, which is what
 * containers get, and {@code .volume-id}, which tells whose bytes these are.
 */
public interface Backend {

    /** Its name. */
    BackendKind kind();

    /** The folder of the folders of volumes. */
    Path pool();

    /**
     * Looks what it can do here. It changes nothing, but that a shared pool is marked as such when
     * it is seen for the first time.
     */
    Probe probe();

    /**
     * Makes sure that the pool answers at all, before somebody waits for it who has other things to
     * do.
     *
     * @throws NoAnswerException when it does not, as that of a server that is gone
     */
    default void awaitAnswer() throws IOException {}

    /**
     * Makes sure that a volume could be made, before its record is: its bytes are made later.
     *
     * @throws IOException in words, when it never could
     */
    default void check(VolumeSpec spec) throws IOException {}

    /**
     * Makes the bytes of a volume: empty, with the owner and mode that were asked for. What an
     * earlier try left half made is thrown away first.
     *
     * @throws IOException also when there are whole bytes already
     */
    void create(UUID id, VolumeSpec spec) throws IOException;

    /**
     * Whether a volume has bytes here that are whole.
     *
     * @throws IOException when that cannot be told, as when a shared pool is not mounted
     */
    boolean exists(UUID id) throws IOException;

    /** Mounts the bytes at a folder that is there. Nothing is mounted at it before. */
    void attach(UUID id, VolumeSpec spec, Path point) throws IOException;

    /**
     * Takes the mount away again, never lazily.
     *
     * @throws BusyVolumeException when something still has a file open in it
     */
    void detach(UUID id, Path point) throws IOException;

    /**
     * Keeps what the volume holds now under a name.
     *
     * @param attached where the volume is mounted; {@code null} when it is not
     */
    void snapshot(UUID id, String name, @Nullable Path attached) throws IOException;

    /** The snapshots of a volume, the oldest first. */
    List<Snapshot> snapshots(UUID id) throws IOException;

    /** Throws a snapshot away; nothing happens when there is none of that name. */
    void deleteSnapshot(UUID id, String name) throws IOException;

    /** Makes a volume that is not mounted what it was in a snapshot. */
    void restore(UUID id, String snapshot) throws IOException;

    /**
     * Makes the bytes of a new volume out of a snapshot of another one of this backend.
     *
     * @param spec of the new one; its owner and mode are those of the snapshot
     */
    void copy(UUID from, String snapshot, UUID to, VolumeSpec spec) throws IOException;

    /**
     * Shows a snapshot, read-only, at a folder that is there.
     *
     * @see #detach
     */
    void attachSnapshot(UUID id, String snapshot, Path point) throws IOException;

    /**
     * Changes the limit.
     *
     * @param attached where the volume is mounted; {@code null} when it is not
     * @throws RefusedException when it cannot have that size
     */
    void resize(UUID id, VolumeSpec spec, long bytes, @Nullable Path attached) throws IOException;

    /**
     * How much a volume holds.
     *
     * @param attached where the volume is mounted; {@code null} when it is not
     */
    Usage usage(UUID id, VolumeSpec spec, @Nullable Path attached) throws IOException;

    /** Destroys the bytes, the snapshots and the folder of a volume that is not mounted. */
    void destroy(UUID id) throws IOException;

    /** The volumes that have a folder in the pool. */
    List<UUID> scan() throws IOException;

    /**
     * Finishes or undoes what a crash left of a volume; made once for each when the agent starts,
     * before all else.
     *
     * @param attached where the volume is mounted; {@code null} when it is not
     */
    void recover(UUID id, @Nullable Path attached) throws IOException;

    /**
     * Whether the kernel says that the bytes of a volume are mounted somewhere, in whatever
     * namespace. Only where {@link Probe#exclusive} is {@link Probe.Exclusive#DEVICE} can it tell;
     * elsewhere this says no.
     */
    default boolean isHeld(UUID id) throws IOException {
        return false;
    }
}
