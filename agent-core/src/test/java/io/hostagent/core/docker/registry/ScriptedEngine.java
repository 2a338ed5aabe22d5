// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.docker.registry;

import io.hostagent.core.docker.ApiRange;
import io.hostagent.core.docker.ApiVersion;
import io.hostagent.core.docker.Container;
import io.hostagent.core.docker.ContainerDetails;
import io.hostagent.core.docker.ContainerEvent;
import io.hostagent.core.docker.ContainerId;
import io.hostagent.core.docker.DockerEngine;
import io.hostagent.core.docker.EngineInfo;
import io.hostagent.core.error.EngineException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;

/** An engine that does what a test says, and keeps its events as a real one does. */
final class ScriptedEngine implements DockerEngine {

    static final int REMEMBERED = 256;

    final Map<ContainerId, Container> containers = new ConcurrentHashMap<>();
    final AtomicInteger lists = new AtomicInteger();
    final AtomicInteger connects = new AtomicInteger();
    final List<Instant> asked = new CopyOnWriteArrayList<>();

    /** Run after the list is taken and before it is answered. */
    volatile Runnable duringList = () -> {};

    /** Questions for details that were answered, that are open, and that ever were so at once. */
    final AtomicInteger details = new AtomicInteger();

    final AtomicInteger asking = new AtomicInteger();
    final AtomicInteger mostAsking = new AtomicInteger();

    /** Details are answered when this completes. */
    volatile Mono<?> answers = Mono.empty();

    volatile String health = "none";

    private final List<ContainerEvent> past = new ArrayList<>();
    private volatile boolean away;
    private volatile @Nullable FluxSink<ContainerEvent> listener;
    private long clock;

    static ContainerId id(int number) {
        return new ContainerId("%064x".formatted(number));
    }

    static Container container(int number, String state) {
        return new Container(id(number), "c" + number, "img", state, Instant.EPOCH, Map.of());
    }

    /** Changes a container and tells of it. */
    void set(int number, String state) {
        containers.put(id(number), container(number, state));
        tell(number, state);
    }

    /** Removes a container and tells of it. */
    void remove(int number) {
        containers.remove(id(number));
        tell(number, "destroy");
    }

    /** Tells of something, whether it happened or not. */
    synchronized void tell(int number, String action) {
        ContainerEvent event = new ContainerEvent(id(number), action, now());
        past.add(event);
        if (past.size() > REMEMBERED) {
            past.removeFirst();
        }
        FluxSink<ContainerEvent> sink = listener;
        if (sink != null) {
            sink.next(event);
        }
    }

    /** Stops, as an engine that is shut down: it ends its streams and answers no more. */
    void stop() {
        away = true;
        FluxSink<ContainerEvent> sink = listener;
        listener = null;
        if (sink != null) {
            sink.complete();
        }
    }

    /** Fails the event stream, as one whose reader is too slow, and goes on. */
    void breakStream() {
        FluxSink<ContainerEvent> sink = listener;
        listener = null;
        if (sink != null) {
            sink.error(new IllegalStateException("overflow"));
        }
    }

    void start() {
        away = false;
    }

    private synchronized Instant now() {
        return Instant.ofEpochSecond(1_000, ++clock);
    }

    @Override
    public Mono<EngineInfo> info() {
        return Mono.defer(
                () -> {
                    connects.incrementAndGet();
                    return away
                            ? Mono.error(EngineException.unreachable(new IOException("away")))
                            : Mono.just(describe());
                });
    }

    private EngineInfo describe() {
        return new EngineInfo(
                "id",
                "host",
                "29.0",
                new ApiRange(new ApiVersion(1, 24), new ApiVersion(1, 50)),
                new EngineInfo.SwarmState(false, false, ""),
                now());
    }

    @Override
    public Mono<List<Container>> containers() {
        return Mono.fromCallable(
                () -> {
                    List<Container> snapshot = List.copyOf(containers.values());
                    lists.incrementAndGet();
                    duringList.run();
                    return snapshot;
                });
    }

    @Override
    public Mono<Container> container(ContainerId id) {
        return Mono.fromCallable(() -> containers.get(id));
    }

    @Override
    public Mono<ContainerDetails> details(ContainerId id) {
        return Mono.defer(
                        () -> {
                            asking.incrementAndGet();
                            mostAsking.accumulateAndGet(asking.get(), Math::max);
                            return away
                                    ? Mono.error(
                                            EngineException.unreachable(new IOException("away")))
                                    : Mono.justOrEmpty(containers.get(id)).map(this::describe);
                        })
                .delayUntil(found -> answers)
                .doOnTerminate(
                        () -> {
                            details.incrementAndGet();
                            asking.decrementAndGet();
                        });
    }

    private ContainerDetails describe(Container container) {
        return new ContainerDetails(
                container,
                4_711,
                Instant.EPOCH,
                health,
                0,
                "",
                "bridge",
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Map.of());
    }

    @Override
    public Flux<ContainerEvent> containerEvents(Instant since) {
        asked.add(since);
        return Flux.<ContainerEvent>create(
                        sink -> {
                            synchronized (this) {
                                listener = sink;
                                past.stream()
                                        .filter(event -> !event.at().isBefore(since))
                                        .forEach(sink::next);
                            }
                        },
                        FluxSink.OverflowStrategy.IGNORE)
                .onBackpressureBuffer(REMEMBERED);
    }
}
