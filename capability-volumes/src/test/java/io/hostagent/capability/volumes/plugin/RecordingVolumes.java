// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.plugin;

import io.hostagent.capability.volumes.backend.Snapshot;
import io.hostagent.capability.volumes.backend.Usage;
import io.hostagent.capability.volumes.service.FileLease;
import io.hostagent.capability.volumes.service.KnownVolume;
import io.hostagent.capability.volumes.service.PoolStatus;
import io.hostagent.capability.volumes.service.TrashedVolume;
import io.hostagent.capability.volumes.service.VolumeUser;
import io.hostagent.capability.volumes.service.Volumes;
import io.hostagent.capability.volumes.volume.BackendKind;
import io.hostagent.capability.volumes.volume.FileSystemType;
import io.hostagent.capability.volumes.volume.Hold;
import io.hostagent.capability.volumes.volume.OnRemove;
import io.hostagent.capability.volumes.volume.VolumeName;
import io.hostagent.capability.volumes.volume.VolumeRecord;
import io.hostagent.capability.volumes.volume.VolumeSpec;
import io.hostagent.capability.volumes.volume.VolumeState;
import io.hostagent.core.error.CallerException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** Volumes in memory that write down what they are asked to change. */
final class RecordingVolumes implements Volumes {

    static final Instant CREATED = Instant.parse("2026-02-03T04:05:06.789Z");

    final Map<String, KnownVolume> known = new ConcurrentSkipListMap<>();
    final List<String> changes = new CopyOnWriteArrayList<>();

    /** Mounts wait for it. */
    volatile CountDownLatch gate = new CountDownLatch(0);

    volatile Path point = Path.of("/var/lib/x/mounts/1/_data");

    static VolumeSpec spec(long size, String volumeClass) {
        return new VolumeSpec(
                BackendKind.DIRECTORY,
                size,
                volumeClass,
                FileSystemType.EXT4,
                0,
                0,
                0777,
                OnRemove.TRASH,
                "");
    }

    void add(String name, VolumeState state, Optional<Path> mountpoint) {
        add(name, state, mountpoint, spec(0, ""));
    }

    void add(String name, VolumeState state, Optional<Path> mountpoint, VolumeSpec spec) {
        VolumeRecord record =
                VolumeRecord.fresh(new VolumeName(name), 7, "node1", "boot1", spec, CREATED)
                        .in(state);
        known.put(name, new KnownVolume(record, 1, mountpoint));
    }

    @Override
    public Optional<KnownVolume> find(String name) {
        return Optional.ofNullable(known.get(name));
    }

    @Override
    public List<KnownVolume> all() {
        return List.copyOf(known.values());
    }

    @Override
    public KnownVolume create(VolumeName name, Map<String, String> options) {
        if (options.containsKey("banana")) {
            throw CallerException.badRequest("There is no option banana", "Valid is size");
        }
        if (options.containsKey("bug")) {
            throw new IllegalStateException("secret words");
        }
        changes.add("create " + name + " " + options);
        add(name.value(), VolumeState.NEW, Optional.empty());
        return find(name.value()).orElseThrow();
    }

    @Override
    public Path mount(VolumeName name, String id) {
        changes.add("mount " + name + " " + id);
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return point;
    }

    @Override
    public void unmount(VolumeName name, String id) {
        changes.add("unmount " + name + " " + id);
    }

    @Override
    public OnRemove remove(VolumeName name, Optional<OnRemove> how, OptionalLong expected) {
        changes.add("remove " + name + " " + how.isPresent() + " " + expected.isPresent());
        known.remove(name.value());
        return OnRemove.TRASH;
    }

    @Override
    public Optional<Path> path(VolumeName name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<VolumeUser> users(VolumeName name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<TrashedVolume> trash() {
        throw new UnsupportedOperationException();
    }

    @Override
    public KnownVolume undelete(VolumeName name, Optional<UUID> id, Optional<VolumeName> as) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<TrashedVolume> emptyTrash(Optional<UUID> id) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Snapshot snapshot(VolumeName name, String snapshot) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Snapshot> snapshots(VolumeName name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void deleteSnapshot(VolumeName name, String snapshot) {
        throw new UnsupportedOperationException();
    }

    @Override
    public String restore(VolumeName name, String snapshot, OptionalLong expected) {
        throw new UnsupportedOperationException();
    }

    @Override
    public KnownVolume clone(
            VolumeName from,
            Optional<String> snapshot,
            VolumeName to,
            Map<String, String> options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public KnownVolume resize(VolumeName name, String size, OptionalLong expected) {
        throw new UnsupportedOperationException();
    }

    @Override
    public KnownVolume importFolder(Path folder, VolumeName to, Map<String, String> options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileLease open(VolumeName name, Optional<String> snapshot) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Usage usage(VolumeName name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public KnownVolume hold(VolumeName name, Hold hold) {
        throw new UnsupportedOperationException();
    }

    @Override
    public KnownVolume release(VolumeName name, String who) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<PoolStatus> pools() {
        throw new UnsupportedOperationException();
    }
}
