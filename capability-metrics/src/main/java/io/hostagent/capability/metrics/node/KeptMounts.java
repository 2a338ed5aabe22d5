// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.core.host.Mount;
import io.hostagent.core.kernel.MountChanges;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The mounts of a process, as they are kept from one scrape to the next. A host with 500 containers
 * has a thousand, and telling them takes the kernel longer than all other files of the host, so
 * they are read when they have changed; and after a while, since a file system that goes read-only
 * by itself is no change of mounts.
 */
final class KeptMounts implements AutoCloseable {

    private final MountTable table;
    private final long keptNanos;
    private @Nullable Path file;
    private @Nullable MountChanges changes;
    private @Nullable Map<String, Mount> mounts;
    private long readNanos;

    /**
     * Has none yet.
     *
     * @param kept how old they may be when they did not change
     */
    KeptMounts(NameFilter types, Duration kept) {
        table = new MountTable(types);
        keptNanos = kept.toNanos();
    }

    /**
     * By mount point.
     *
     * @param mountinfo of the process; it may be another one's than before
     */
    Map<String, Mount> read(Path mountinfo, NodeScrape scrape) throws IOException {
        MountChanges known = changes;
        if (known == null || !mountinfo.equals(file)) {
            close();
            known = new MountChanges(mountinfo);
            changes = known;
            file = mountinfo;
        }
        long now = System.nanoTime();
        // Asked first: what changes while they are read is then told at the next scrape.
        Map<String, Mount> kept = known.any() || now - readNanos >= keptNanos ? null : mounts;
        if (kept == null) {
            mounts = null;
            kept = table.read(scrape.read(mountinfo));
            mounts = kept;
            readNanos = now;
        }
        return kept;
    }

    @Override
    public void close() {
        mounts = null;
        if (changes != null) {
            changes.close();
            changes = null;
        }
    }
}
