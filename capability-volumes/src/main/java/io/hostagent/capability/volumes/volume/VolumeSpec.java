// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.volume;

/**
 * What a volume shall be. It is settled when the volume is created: defaults and classes are in it
 * already.
 *
 * @param backend where its bytes are kept
 * @param size limit in bytes; 0 when there is none
 * @param volumeClass {@code gold}, {@code silver} or {@code bronze}; empty when none was asked for
 * @param fs of a {@code loop} volume, and nothing elsewhere
 * @param uid that owns its root folder
 * @param gid that owns its root folder
 * @param mode of its root folder, such as {@code 0777}
 * @param onRemove what becomes of it when it is removed
 * @param from what it is a clone of, as {@code NAME@SNAPSHOT}; empty when it began empty
 */
public record VolumeSpec(
        BackendKind backend,
        long size,
        String volumeClass,
        FileSystemType fs,
        int uid,
        int gid,
        int mode,
        OnRemove onRemove,
        String from) {

    /** The same with another limit. */
    public VolumeSpec withSize(long bytes) {
        return new VolumeSpec(backend, bytes, volumeClass, fs, uid, gid, mode, onRemove, from);
    }

    /** The same with another origin. */
    public VolumeSpec withFrom(String origin) {
        return new VolumeSpec(backend, size, volumeClass, fs, uid, gid, mode, onRemove, origin);
    }

    /** The same with another end. */
    public VolumeSpec with(OnRemove end) {
        return new VolumeSpec(backend, size, volumeClass, fs, uid, gid, mode, end, from);
    }
}
