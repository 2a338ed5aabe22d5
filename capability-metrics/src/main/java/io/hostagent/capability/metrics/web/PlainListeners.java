// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.web;

import io.hostagent.core.capability.Need.Absence;
import java.util.List;
import java.util.Optional;
import org.springframework.context.SmartLifecycle;

/** The ports without TLS that an operator has asked for; as a rule there are none. */
public final class PlainListeners implements SmartLifecycle {

    private final List<PlainListener> listeners;
    private volatile boolean running;

    public PlainListeners(List<PlainListener> listeners) {
        this.listeners = List.copyOf(listeners);
    }

    /** Why one of them is not open; empty when all are. */
    public Optional<Absence> missing() {
        return listeners.stream().flatMap(listener -> listener.missing().stream()).findFirst();
    }

    @Override
    public void start() {
        running = true;
        listeners.forEach(PlainListener::start);
    }

    @Override
    public void stop() {
        running = false;
        listeners.forEach(PlainListener::close);
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
