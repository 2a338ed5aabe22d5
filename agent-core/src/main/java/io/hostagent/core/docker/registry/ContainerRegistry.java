// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.docker.registry;

import io.hostagent.core.docker.Container;
import io.hostagent.core.docker.ContainerEvent;
import io.hostagent.core.docker.ContainerId;
import io.hostagent.core.docker.DockerEngine;
import io.hostagent.core.docker.EngineInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.retry.Retry;

/**
 * The containers of this host and the engine they run on, kept by one subscription to the engine's
 * events. Reading costs nothing and never asks the engine.
 *
 * <p>After every connect the events are asked for from before the list was taken, so nothing that
 * happens in between is missed; a container that an event speaks of is read anew, so an event that
 * comes twice does no harm. When the engine goes away the last known containers stay, {@link
 * #engine()} becomes empty, and the subscription tries again, at the latest {@code 2 s} after the
 * engine is back.
 */
public final class ContainerRegistry implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ContainerRegistry.class);
    private static final Duration FIRST_RETRY = Duration.ofMillis(200);
    private static final Duration LAST_RETRY = Duration.ofSeconds(2);

    private final DockerEngine docker;
    private final Map<ContainerId, Container> containers = new ConcurrentHashMap<>();
    private volatile @Nullable EngineInfo engine;
    private @Nullable Disposable subscription;
    private final Sinks.Empty<Void> firstConnect = Sinks.empty();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private boolean awayReported;

    /**
     * Hears what may have changed, when the registry already has it. It is called by the thread
     * that follows the engine, must not block, and hears some things twice.
     */
    public interface Listener {

        /** The engine is there, again or for the first time, and all containers were read anew. */
        void listed();

        /** Something happened to a container, which may be gone by now. */
        void changed(ContainerId id);
    }

    public ContainerRegistry(DockerEngine docker) {
        this.docker = docker;
    }

    /** Begins to follow the engine, whether it is there already or not. */
    public synchronized void start() {
        if (subscription == null) {
            subscription =
                    Flux.defer(this::follow)
                            .concatWith(Flux.error(StreamEnded::new))
                            .doOnError(this::onLost)
                            .retryWhen(
                                    Retry.backoff(Long.MAX_VALUE, FIRST_RETRY)
                                            .maxBackoff(LAST_RETRY)
                                            .transientErrors(true))
                            .subscribe();
        }
    }

    /** Tells of what happens from now on; what is known already is not told again. */
    public void listen(Listener listener) {
        listeners.add(listener);
    }

    /** Tells no more. */
    public void unlisten(Listener listener) {
        listeners.remove(listener);
    }

    /** Ends when the engine is connected, or after {@code limit}, whichever comes first. */
    public Mono<Void> connected(Duration limit) {
        return firstConnect.asMono().timeout(limit, Mono.empty());
    }

    /** Every container of this host, as last seen. */
    public Collection<Container> all() {
        return List.copyOf(containers.values());
    }

    /** One container, as last seen. */
    public Optional<Container> find(ContainerId id) {
        return Optional.ofNullable(containers.get(id));
    }

    /** Whether this host has a container of this name or full ID, as last seen. */
    public boolean hasExactly(String reference) {
        return containers.values().stream()
                .anyMatch(
                        container ->
                                container.name().equals(reference)
                                        || container.id().value().equals(reference));
    }

    /** The engine that is connected now; empty while it is away. */
    public Optional<EngineInfo> engine() {
        return Optional.ofNullable(engine);
    }

    private Flux<Container> follow() {
        return docker.info().flatMapMany(this::followFrom);
    }

    private Flux<Container> followFrom(EngineInfo info) {
        Instant since = info.systemTime();
        // The list is read while the events are already flowing, and they wait for it.
        return docker.containerEvents(since)
                .publish(
                        events ->
                                Flux.concat(
                                        docker.containers()
                                                .doOnNext(list -> replaceAll(info, list))
                                                .flatMapIterable(list -> list),
                                        events.concatMap(this::apply)));
    }

    private Mono<Container> apply(ContainerEvent event) {
        if (event.removes()) {
            containers.remove(event.id());
            tell(event.id());
            return Mono.empty();
        }
        if (event.changesDetails()) {
            tell(event.id());
            return Mono.empty();
        }
        if (!event.changes()) {
            return Mono.empty();
        }
        return docker.container(event.id())
                // The engine tells of an end before its list does.
                .map(found -> event.ends() && found.isStarted() ? found.ended() : found)
                .doOnNext(container -> containers.put(container.id(), container))
                .switchIfEmpty(Mono.fromRunnable(() -> containers.remove(event.id())))
                .doOnSuccess(container -> tell(event.id()));
    }

    private void tell(ContainerId id) {
        listeners.forEach(listener -> listener.changed(id));
    }

    private void replaceAll(EngineInfo info, List<Container> list) {
        containers.keySet().retainAll(list.stream().map(Container::id).toList());
        list.forEach(container -> containers.put(container.id(), container));
        engine = info;
        awayReported = false;
        firstConnect.tryEmitEmpty();
        log.info(
                "Connected to Docker {} (API {} to {}), {} containers",
                info.serverVersion(),
                info.api().oldest(),
                info.api().newest(),
                list.size());
        listeners.forEach(Listener::listed);
    }

    private void onLost(Throwable cause) {
        boolean wasThere = engine != null;
        engine = null;
        if (wasThere || !awayReported) {
            awayReported = true;
            log.warn("The Docker engine is away, waiting for it: {}", cause.getMessage());
        }
    }

    @Override
    public synchronized void close() {
        if (subscription != null) {
            subscription.dispose();
        }
    }

    /** The engine ended its event stream, as it does when it stops. */
    private static final class StreamEnded extends RuntimeException {
        StreamEnded() {
            super("it ended its event stream");
        }

        @Override
        public Throwable fillInStackTrace() {
            return this;
        }
    }
}
