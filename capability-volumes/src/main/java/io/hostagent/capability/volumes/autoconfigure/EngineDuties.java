// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.autoconfigure;

import io.hostagent.capability.volumes.engine.KeptLabels;
import io.hostagent.capability.volumes.engine.LateStarter;
import io.hostagent.capability.volumes.engine.ShadowAlarm;
import io.hostagent.capability.volumes.engine.WarmUp;
import io.hostagent.core.capability.Need.Absence;
import io.hostagent.core.docker.registry.ContainerRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/**
 * What a plugin does for its engine without being asked; all of it waits for something to happen.
 */
final class EngineDuties implements AutoCloseable {

    private final Optional<WarmUp> warmUp;
    private final Optional<LateStarter> lateStarter;
    private final ShadowAlarm shadows;
    private final KeptLabels labels;
    private final ContainerRegistry registry;

    /**
     * Gathers them.
     *
     * @param warmUp empty for a plugin that the engine knows anyway
     * @param lateStarter empty when an operator wants none
     */
    EngineDuties(
            Optional<WarmUp> warmUp,
            Optional<LateStarter> lateStarter,
            ShadowAlarm shadows,
            KeptLabels labels,
            ContainerRegistry registry) {
        this.warmUp = warmUp;
        this.lateStarter = lateStarter;
        this.shadows = shadows;
        this.labels = labels;
        this.registry = registry;
    }

    private List<ContainerRegistry.Listener> listeners() {
        List<ContainerRegistry.Listener> listeners = new ArrayList<>();
        warmUp.ifPresent(listeners::add);
        lateStarter.ifPresent(listeners::add);
        listeners.add(shadows);
        listeners.add(labels);
        return listeners;
    }

    /**
     * Begins.
     *
     * @param opened when engines find the plugin
     */
    void begin(Mono<Void> opened) {
        Consumer<ContainerRegistry.Listener> listen =
                listener -> {
                    registry.listen(listener);
                    if (registry.engine().isPresent()) {
                        listener.listed();
                    }
                };
        listeners().forEach(listen);
        opened.subscribe(
                nothing -> {},
                failure -> {},
                () -> {
                    warmUp.ifPresent(WarmUp::opened);
                    lateStarter.ifPresent(LateStarter::opened);
                });
    }

    /** Which volume of the engine's own stands in the way of another; empty when none does. */
    Optional<Absence> shadowed() {
        return shadows.missing();
    }

    /** A volume was created. */
    void created() {
        shadows.soon();
        labels.soon();
    }

    @Override
    public void close() {
        listeners().forEach(registry::unlisten);
        warmUp.ifPresent(WarmUp::close);
        lateStarter.ifPresent(LateStarter::close);
        shadows.close();
        labels.close();
    }
}
