// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.autoconfigure;

import io.hostagent.capability.volumes.mount.HostView;
import io.hostagent.core.capability.Need.Absence;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the engine would see mounts, as it was found last. To find out takes a connection to the
 * engine, and who asks for the agent's health does not wait: when it was found some time ago, it is
 * found anew for whoever asks next.
 */
final class VisibleMounts {

    private static final Logger log = LoggerFactory.getLogger(VisibleMounts.class);
    private static final Duration GOOD = Duration.ofSeconds(5);

    private final HostView view;
    private final Path mounts;
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile Seen last = new Seen(Optional.empty(), System.nanoTime() - GOOD.toNanos());

    private record Seen(Optional<Absence> missing, long at) {}

    VisibleMounts(HostView view, Path mounts) {
        this.view = view;
        this.mounts = mounts;
    }

    /** Why the engine would not see mounts; empty when it would. It does not block. */
    Optional<Absence> missing() {
        if (System.nanoTime() - last.at() >= GOOD.toNanos()) {
            look();
        }
        return last.missing();
    }

    /** Finds out, in a moment. */
    void look() {
        if (looking.compareAndSet(false, true)) {
            Thread.ofVirtual().name("agent-volumes-view").start(this::find);
        }
    }

    private void find() {
        try {
            last = new Seen(view.missing(mounts), System.nanoTime());
        } catch (RejectedExecutionException e) {
            log.debug("The agent ends", e);
        } finally {
            looking.set(false);
        }
    }
}
