// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.autoconfigure;

import io.hostagent.capability.volumes.plugin.PluginServer;
import io.hostagent.capability.volumes.service.HostVolumes;
import io.hostagent.core.capability.Need.Absence;
import io.hostagent.core.docker.ContainerId;
import io.hostagent.core.docker.registry.ContainerRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Opens volumes and then the socket on which engines ask for them, in this order: an engine that
 * finds a socket must get answers. What cannot be opened is tried again.
 */
final class VolumesLife implements SmartLifecycle, ContainerRegistry.Listener {

    private static final Logger log = LoggerFactory.getLogger(VolumesLife.class);
    private static final Duration TRY_AGAIN = Duration.ofSeconds(10);

    private final Path home;
    private final HostVolumes volumes;
    private final PluginServer plugin;
    private final VisibleMounts visible;
    private final ContainerRegistry registry;
    private final EngineDuties duties;
    private @Nullable Thread opening;
    private volatile @Nullable String problem;
    private volatile boolean running;

    VolumesLife(
            Path home,
            HostVolumes volumes,
            PluginServer plugin,
            VisibleMounts visible,
            ContainerRegistry registry,
            EngineDuties duties) {
        this.home = home;
        this.volumes = volumes;
        this.plugin = plugin;
        this.visible = visible;
        this.registry = registry;
        this.duties = duties;
    }

    @Override
    public synchronized void start() {
        running = true;
        registry.listen(this);
        opening = Thread.ofPlatform().daemon().name("agent-volumes-open").start(this::open);
    }

    private void open() {
        while (running && !volumes.isOpen()) {
            try {
                volumes.open();
                problem = null;
            } catch (IOException | RuntimeException e) {
                if (problem == null) {
                    log.warn("Volumes cannot be served: {}", e.toString());
                }
                problem = String.valueOf(e.getMessage());
                LockSupport.parkNanos(TRY_AGAIN.toNanos());
            }
        }
        visible.look();
        serve();
    }

    private synchronized void serve() {
        if (running) {
            plugin.start();
            duties.begin(plugin.opened());
        } else {
            // It was stopped meanwhile.
            closeVolumes();
        }
    }

    /** Calls that engines have made are answered before the mounts are let go of. */
    @Override
    public synchronized void stop() {
        running = false;
        registry.unlisten(this);
        duties.close();
        LockSupport.unpark(opening);
        plugin.close();
        closeVolumes();
    }

    private void closeVolumes() {
        try {
            volumes.close();
        } catch (IOException e) {
            log.warn("The folder of volumes was not given back: {}", e.getMessage());
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public void listed() {
        visible.look();
        volumes.containersChanged();
    }

    @Override
    public void changed(ContainerId id) {
        volumes.containersChanged();
    }

    /** Why volumes are not served; empty when they are. */
    Optional<Absence> notOpen() {
        return Optional.ofNullable(problem)
                .map(
                        why ->
                                new Absence(
                                        why,
                                        "run the agent as root, and give it "
                                                + home
                                                + " or another VOLUMES_PATH"));
    }

    /** Why the engine would not see mounts; empty when it does. */
    Optional<Absence> unseen() {
        return visible.missing();
    }

    /** Why engines do not find the plugin; empty when they do. */
    Optional<Absence> noSocket() {
        return problem == null ? plugin.missing() : Optional.empty();
    }

    /** Which volume of the engine's own stands in the way of another; empty when none does. */
    Optional<Absence> shadowed() {
        return duties.shadowed();
    }
}
