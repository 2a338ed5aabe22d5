// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.plugin;

import io.hostagent.capability.volumes.service.Volumes;
import io.hostagent.capability.volumes.volume.VolumeName;
import io.hostagent.core.error.AgentException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mounts that are being made. One that takes longer than an engine waits goes on; whoever asks
 * for the same one again meanwhile waits for it, too. When it is made and nobody waits any more, it
 * is given back: the engine has told its user that it failed, and will not give it back itself. The
 * same mount is not made again before that: it would be taken from whoever asked for it.
 */
final class PendingMounts {

    private static final Logger log = LoggerFactory.getLogger(PendingMounts.class);

    private final Volumes volumes;
    private final Executor threads;

    /** Those that are made, and those that are given back. */
    private final Map<Wanted, Going> running = new HashMap<>();

    private record Wanted(VolumeName name, String id) {}

    /** A mount that is being made. */
    static final class Going {

        private final Wanted wanted;
        private final CompletableFuture<Path> end = new CompletableFuture<>();

        /** When nothing is left of it that could disturb the same mount. */
        private final CompletableFuture<Boolean> gone = new CompletableFuture<>();

        private int waiting;
        private boolean made;
        private boolean givenBack;

        private Going(Wanted wanted) {
            this.wanted = wanted;
        }

        /** What it gives, which is not to be changed. */
        CompletableFuture<Path> end() {
            return end;
        }
    }

    PendingMounts(Volumes volumes, Executor threads) {
        this.volumes = volumes;
        this.threads = threads;
    }

    /** Begins to mount a volume, unless that goes on already, and waits for it. */
    synchronized Going mount(VolumeName name, String id) {
        Wanted wanted = new Wanted(name, id);
        Going going = running.get(wanted);
        if (going == null || going.givenBack) {
            Going before = going;
            going = new Going(wanted);
            running.put(wanted, going);
            begin(going, before);
        }
        going.waiting++;
        return going;
    }

    private void begin(Going going, @Nullable Going before) {
        if (before == null) {
            execute(going, () -> make(going));
        } else {
            before.gone.whenComplete((done, failed) -> execute(going, () -> make(going)));
        }
    }

    private void execute(Going going, Runnable work) {
        try {
            threads.execute(work);
        } catch (RejectedExecutionException e) {
            end(going);
            going.end.completeExceptionally(e);
        }
    }

    private void make(Going going) {
        try {
            Path point = volumes.mount(going.wanted.name(), going.wanted.id());
            if (isWanted(going)) {
                going.end.complete(point);
            } else {
                giveBack(going);
            }
        } catch (Throwable e) {
            end(going);
            going.end.completeExceptionally(e);
        }
    }

    /** It is made. When nobody waits for it, it stays until it is given back. */
    private synchronized boolean isWanted(Going going) {
        going.made = true;
        going.givenBack = going.waiting == 0;
        if (!going.givenBack) {
            running.remove(going.wanted, going);
        }
        return !going.givenBack;
    }

    /** Somebody waits no longer. */
    void leave(Going going) {
        if (isLeftByAll(going)) {
            execute(going, () -> giveBack(going));
        }
    }

    /** Whether it is to be given back; if it was asked for again meanwhile, it is that one's. */
    private synchronized boolean isLeftByAll(Going going) {
        going.waiting--;
        if (going.waiting == 0 && going.made && running.putIfAbsent(going.wanted, going) == null) {
            going.givenBack = true;
            return true;
        }
        return false;
    }

    private void giveBack(Going going) {
        log.info("Volume {} is mounted, and nobody waits for it any more", going.wanted.name());
        try {
            volumes.unmount(going.wanted.name(), going.wanted.id());
        } catch (AgentException e) {
            log.warn("Volume {} is not given back: {}", going.wanted.name(), e.getMessage());
        } finally {
            end(going);
        }
    }

    private void end(Going going) {
        synchronized (this) {
            running.remove(going.wanted, going);
        }
        going.gone.complete(true);
    }
}
