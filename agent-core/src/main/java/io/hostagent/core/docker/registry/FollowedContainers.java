// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.docker.registry;

import io.hostagent.core.docker.Container;
import io.hostagent.core.docker.ContainerDetails;
import io.hostagent.core.docker.ContainerId;
import io.hostagent.core.docker.DockerEngine;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.util.retry.Retry;

/**
 * Asks the engine about a container whenever the registry says that it has started or changed. A
 * few are asked about at once, and the others wait, each of them once however often it changes: as
 * many wait as there are containers, at most. When nothing happens, nothing is asked.
 */
public final class FollowedContainers
        implements StartedContainers, ContainerRegistry.Listener, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(FollowedContainers.class);

    /** An engine answers in 1 to 7 ms, and more at once do not make it faster. */
    private static final int AT_ONCE = 8;

    /** An engine that is gone tells of itself when it is back, and all is asked anew. */
    private static final int RETRIES = 3;

    private static final Duration FIRST_RETRY = Duration.ofMillis(500);

    private final ContainerRegistry registry;
    private final DockerEngine docker;
    private final Map<ContainerId, ContainerDetails> details = new ConcurrentHashMap<>();
    private final Set<ContainerId> waiting = new LinkedHashSet<>();
    private final Set<ContainerId> asked = new LinkedHashSet<>();
    private boolean asking;
    private final Disposable.Composite calls = Disposables.composite();

    /** Begins with what the registry knows already. */
    public FollowedContainers(ContainerRegistry registry, DockerEngine docker) {
        this.registry = registry;
        this.docker = docker;
        registry.listen(this);
        listed();
    }

    @Override
    public Collection<ContainerDetails> all() {
        return List.copyOf(details.values());
    }

    @Override
    public synchronized void listed() {
        List<ContainerId> started =
                registry.all().stream().filter(Container::isStarted).map(Container::id).toList();
        details.keySet().retainAll(started);
        waiting.retainAll(started);
        waiting.addAll(started);
        ask();
    }

    @Override
    public synchronized void changed(ContainerId id) {
        if (isStarted(id)) {
            waiting.add(id);
            ask();
        } else {
            details.remove(id);
            waiting.remove(id);
        }
    }

    private boolean isStarted(ContainerId id) {
        return registry.find(id).filter(Container::isStarted).isPresent();
    }

    /** An answer that comes at once does not begin the loop again within the loop. */
    private synchronized void ask() {
        if (asking) {
            return;
        }
        asking = true;
        try {
            Optional<ContainerId> next = next();
            while (next.isPresent()) {
                waiting.remove(next.get());
                asked.add(next.get());
                ask(next.get());
                next = next();
            }
        } finally {
            asking = false;
        }
    }

    /** One that is asked about waits until that is answered, so that no old answer comes last. */
    private Optional<ContainerId> next() {
        return asked.size() >= AT_ONCE || calls.isDisposed()
                ? Optional.empty()
                : waiting.stream().filter(id -> !asked.contains(id)).findFirst();
    }

    private void ask(ContainerId id) {
        Disposable.Swap call = Disposables.swap();
        calls.add(call);
        call.update(
                docker.details(id)
                        .retryWhen(
                                Retry.backoff(RETRIES, FIRST_RETRY)
                                        .filter(failure -> registry.engine().isPresent()))
                        .doFinally(
                                end -> {
                                    calls.remove(call);
                                    answered(id);
                                })
                        .subscribe(
                                found -> keep(id, found), failure -> fail(id, failure), () -> {}));
    }

    /** What changed while the answer was on its way is asked again, since it waits. */
    private synchronized void keep(ContainerId id, ContainerDetails found) {
        if (isStarted(id) && found.container().isStarted()) {
            details.put(id, found);
        }
    }

    private void fail(ContainerId id, Throwable failure) {
        if (registry.engine().isPresent()) {
            log.warn("Asking the engine about container {} failed: {}", id, failure.getMessage());
        }
    }

    private synchronized void answered(ContainerId id) {
        asked.remove(id);
        ask();
    }

    @Override
    public void close() {
        registry.unlisten(this);
        calls.dispose();
    }
}
