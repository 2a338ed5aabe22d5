// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.catalog;

import io.hostagent.capability.volumes.volume.VolumeName;
import io.hostagent.capability.volumes.volume.VolumeRecord;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The catalog of a host that is alone: files on its own disk. One process uses the folder, which
 * {@link FolderClaim} sees to, and a lock keeps its threads apart.
 */
public final class FileCatalog implements Catalog {

    private final RecordFolder folder;
    private final ReentrantLock lock = new ReentrantLock();

    public FileCatalog(RecordFolder folder) {
        this.folder = folder;
    }

    @Override
    public Optional<Versioned> get(VolumeName name) throws IOException {
        lock.lock();
        try {
            return folder.read(name);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Outcome create(VolumeRecord record) {
        return change(record.name(), 0, Optional.of(record));
    }

    @Override
    public Outcome replace(long version, VolumeRecord record) {
        return change(record.name(), version, Optional.of(record));
    }

    @Override
    public Outcome forget(VolumeName name, long version) {
        return change(name, version, Optional.empty());
    }

    /** A version of 0 means that there is none. */
    private Outcome change(VolumeName name, long version, Optional<VolumeRecord> next) {
        lock.lock();
        try {
            Optional<Versioned> now = folder.read(name);
            if (now.map(Versioned::version).orElse(0L) != version) {
                return new Outcome.Conflict(now);
            }
            if (next.isEmpty()) {
                folder.delete(name);
                return now.<Outcome>map(Outcome.Done::new).orElse(new Outcome.Conflict(now));
            }
            Versioned written = new Versioned(next.get(), version + 1);
            folder.write(written);
            return new Outcome.Done(written);
        } catch (IOException e) {
            // A disk that fails while it replaces a file leaves the old one or the new one.
            return new Outcome.Unknown(String.valueOf(e.getMessage()));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<Versioned> list() throws IOException {
        lock.lock();
        try {
            return folder.read().records();
        } finally {
            lock.unlock();
        }
    }

    /** Nobody else makes changes. */
    @Override
    public AutoCloseable watch(Consumer<VolumeName> changed) {
        return () -> {};
    }
}
