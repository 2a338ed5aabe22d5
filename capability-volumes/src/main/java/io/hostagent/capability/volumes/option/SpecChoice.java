// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.option;

import io.hostagent.capability.volumes.backend.Pools;
import io.hostagent.capability.volumes.backend.Probe;
import io.hostagent.capability.volumes.volume.BackendKind;
import io.hostagent.capability.volumes.volume.FileSystemType;
import io.hostagent.capability.volumes.volume.OnRemove;
import io.hostagent.capability.volumes.volume.VolumeSpec;
import io.hostagent.core.error.CallerException;
import java.io.IOException;
import java.util.Optional;

/**
 * Settles what nobody asked for, by the class of the volume and by what the pools of this host can
 * do. It never promises a limit that nothing keeps.
 */
public final class SpecChoice {

    /** Any user of a container may write: nobody else reaches the folder. Flocker did the same. */
    private static final int MODE = 0777;

    private final Pools pools;
    private final VolumeClasses classes;
    private final Optional<BackendKind> usual;
    private final long imageSize;

    /**
     * Prepares to choose.
     *
     * @param usual the backend of a volume whose user and class name none; empty: the best of this
     *     host
     * @param imageSize of a {@code loop} volume whose user and class give none, in bytes
     */
    public SpecChoice(
            Pools pools, VolumeClasses classes, Optional<BackendKind> usual, long imageSize) {
        this.pools = pools;
        this.classes = classes;
        this.usual = usual;
        this.imageSize = imageSize;
    }

    /**
     * Settles everything.
     *
     * @throws CallerException 400 when it cannot be had on this host, with the reason
     */
    public VolumeSpec choose(VolumeOptions asked) {
        VolumeOptions all =
                asked.volumeClass().map(name -> asked.orElse(classes.of(name))).orElse(asked);
        BackendKind backend = backend(all);
        Probe probe = pools.probe(backend);
        if (probe.missing().isPresent()) {
            throw CallerException.badRequest(
                    "backend=" + backend.word() + " cannot be had on this host",
                    probe.missing().get());
        }
        if (all.size().isPresent() && probe.limit() == Probe.Limit.NONE) {
            throw CallerException.badRequest(
                    "backend=" + backend.word() + " cannot keep a size",
                    "Use backend=loop or backend=btrfs, or leave the size out");
        }
        if (all.fs().isPresent() && backend != BackendKind.LOOP) {
            throw CallerException.badRequest(
                    "fs goes with backend=loop alone", "Leave it out, or use that backend");
        }
        long size = backend == BackendKind.LOOP ? imageSize : 0;
        return checked(
                new VolumeSpec(
                        backend,
                        all.size().orElse(size),
                        asked.volumeClass().orElse(""),
                        all.fs().orElse(FileSystemType.EXT4),
                        all.uid().orElse(0),
                        all.gid().orElse(0),
                        all.mode().orElse(MODE),
                        all.onRemove().orElse(OnRemove.TRASH),
                        all.from().map(Object::toString).orElse("")));
    }

    private VolumeSpec checked(VolumeSpec spec) {
        try {
            pools.find(spec.backend()).orElseThrow().check(spec);
            return spec;
        } catch (IOException e) {
            throw CallerException.badRequest(
                    "This volume could not be made", String.valueOf(e.getMessage()));
        }
    }

    private BackendKind backend(VolumeOptions all) {
        if (all.backend().isPresent()) {
            return all.backend().get();
        }
        if (all.fs().isPresent()) {
            return BackendKind.LOOP;
        }
        if (usual.isPresent() && fits(usual.get(), all)) {
            return usual.get();
        }
        BackendKind[] order =
                all.size().isPresent()
                        ? new BackendKind[] {BackendKind.BTRFS, BackendKind.LOOP}
                        : new BackendKind[] {BackendKind.BTRFS, BackendKind.DIRECTORY};
        return pools.firstWorking(order).orElse(order[1]);
    }

    private boolean fits(BackendKind kind, VolumeOptions all) {
        return all.size().isEmpty() || pools.probe(kind).limit() != Probe.Limit.NONE;
    }
}
