// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.plugin;

import io.hostagent.capability.volumes.service.Volumes;
import io.hostagent.capability.volumes.volume.VolumeName;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * The mounts that are being made. One that takes longer than an engine waits goes on; whoever asks
 * for the same one again meanwhile waits for it, too.
 */
final class Mounting {

    private final Volumes volumes;
    private final Executor threads;
    private final Map<Wanted, CompletableFuture<Path>> running = new ConcurrentHashMap<>();

    private record Wanted(VolumeName name, String id) {}

    Mounting(Volumes volumes, Executor threads) {
        this.volumes = volumes;
        this.threads = threads;
    }

    /**
     * Begins to mount a volume, unless that goes on already. What it gives is not to be changed.
     */
    CompletableFuture<Path> mount(VolumeName name, String id) {
        Wanted wanted = new Wanted(name, id);
        CompletableFuture<Path> mount = new CompletableFuture<>();
        CompletableFuture<Path> before = running.putIfAbsent(wanted, mount);
        if (before != null) {
            return before;
        }
        try {
            threads.execute(() -> mount(wanted, mount));
        } catch (RejectedExecutionException e) {
            running.remove(wanted);
            mount.completeExceptionally(e);
        }
        return mount;
    }

    private void mount(Wanted wanted, CompletableFuture<Path> mount) {
        try {
            Path point = volumes.mount(wanted.name(), wanted.id());
            running.remove(wanted);
            mount.complete(point);
        } catch (Throwable e) {
            running.remove(wanted);
            mount.completeExceptionally(e);
        }
    }
}
