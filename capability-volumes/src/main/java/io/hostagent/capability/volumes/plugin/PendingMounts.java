// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.plugin;

import io.hostagent.capability.volumes.service.Volumes;
import io.hostagent.capability.volumes.volume.VolumeName;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mounts that are being made. One that takes longer than an engine waits goes on; whoever asks
 * for the same one again meanwhile waits for it, too. When it is made and nobody waits any more, it
 * is given back: the engine has told its user that it failed, and will not give it back itself.
 */
final class PendingMounts {

    private static final Logger log = LoggerFactory.getLogger(PendingMounts.class);

    private final Volumes volumes;
    private final Executor threads;
    private final Map<Wanted, Going> running = new HashMap<>();

    private record Wanted(VolumeName name, String id) {}

    /** A mount that is being made. */
    static final class Going {

        private final Wanted wanted;
        private final CompletableFuture<Path> end = new CompletableFuture<>();
        private int waiting;
        private boolean made;

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
        if (going == null) {
            going = new Going(wanted);
            running.put(wanted, going);
            begin(going);
        }
        going.waiting++;
        return going;
    }

    private void begin(Going going) {
        try {
            threads.execute(() -> make(going));
        } catch (RejectedExecutionException e) {
            running.remove(going.wanted);
            going.end.completeExceptionally(e);
        }
    }

    private void make(Going going) {
        try {
            Path point = volumes.mount(going.wanted.name(), going.wanted.id());
            if (isWanted(going, true)) {
                going.end.complete(point);
            } else {
                giveBack(going);
            }
        } catch (Throwable e) {
            isWanted(going, false);
            going.end.completeExceptionally(e);
        }
    }

    private synchronized boolean isWanted(Going going, boolean made) {
        going.made = made;
        running.remove(going.wanted);
        return going.waiting > 0;
    }

    /** Somebody waits no longer. */
    void leave(Going going) {
        boolean last;
        synchronized (this) {
            last = --going.waiting == 0 && going.made;
        }
        if (last) {
            threads.execute(() -> giveBack(going));
        }
    }

    private void giveBack(Going going) {
        log.info("Volume {} is mounted, and nobody waits for it any more", going.wanted.name());
        volumes.unmount(going.wanted.name(), going.wanted.id());
    }
}
