// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.docker.client;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Event;
import com.github.dockerjava.api.model.EventType;
import io.hostagent.core.concurrent.Blocking;
import io.hostagent.core.docker.Container;
import io.hostagent.core.docker.ContainerDetails;
import io.hostagent.core.docker.ContainerEvent;
import io.hostagent.core.docker.ContainerId;
import io.hostagent.core.docker.DockerEngine;
import io.hostagent.core.docker.EngineInfo;
import io.hostagent.core.error.EngineException;
import io.hostagent.core.relay.Upstream;
import io.hostagent.core.settings.AgentSettings;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.FluxSink.OverflowStrategy;
import reactor.core.publisher.Mono;

/** The engine through docker-java, whose blocking calls stay behind the {@link Blocking} bridge. */
public final class DockerJavaEngine implements DockerEngine, AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    /**
     * Events that may wait for a slow reader; past that the stream fails, and the reader begins
     * anew with a list.
     */
    private static final int MAX_PENDING_EVENTS = 8_192;

    private final Blocking blocking;
    private final Supplier<DockerClient> opener;
    private @Nullable DockerClient client;

    public DockerJavaEngine(
            AgentSettings settings, Blocking blocking, Upstream engine, Supplier<EventLoop> loops) {
        this.blocking = blocking;
        this.opener = () -> DockerJavaClient.open(settings, new SharedTransport(engine, loops));
    }

    @Override
    public Mono<EngineInfo> info() {
        return call(
                () -> Translation.info(client().infoCmd().exec(), client().versionCmd().exec()));
    }

    @Override
    public Mono<List<Container>> containers() {
        return call(
                () ->
                        client().listContainersCmd().withShowAll(true).exec().stream()
                                .map(Translation::container)
                                .toList());
    }

    @Override
    public Mono<Container> container(ContainerId id) {
        return call(() ->
                        client().listContainersCmd()
                                .withShowAll(true)
                                .withIdFilter(List.of(id.value()))
                                .exec())
                .flatMapIterable(found -> found)
                .map(Translation::container)
                .next();
    }

    @Override
    public Mono<ContainerDetails> details(ContainerId id) {
        return call(
                () -> {
                    try {
                        return DetailsTranslation.details(
                                client().inspectContainerCmd(id.value()).exec());
                    } catch (NotFoundException e) {
                        return null;
                    }
                });
    }

    @Override
    public Flux<ContainerEvent> containerEvents(Instant since) {
        return Flux.<ContainerEvent>create(
                        sink -> blocking.run(() -> listen(since, sink)), OverflowStrategy.IGNORE)
                .onBackpressureBuffer(MAX_PENDING_EVENTS);
    }

    private void listen(Instant since, FluxSink<ContainerEvent> sink) {
        try {
            EventSubscription subscription = new EventSubscription(sink);
            sink.onDispose(subscription);
            client().eventsCmd()
                    .withSince("%d.%09d".formatted(since.getEpochSecond(), since.getNano()))
                    .withEventTypeFilter(EventType.CONTAINER, EventType.NETWORK)
                    .exec(subscription);
        } catch (RuntimeException e) {
            sink.error(translate(e));
        }
    }

    private <T> Mono<T> call(Callable<T> call) {
        return blocking.call(LIMIT, call).onErrorMap(DockerJavaEngine::translate);
    }

    /** docker-java is loaded by the first call, which keeps it off the agent's way to its start. */
    private synchronized DockerClient client() {
        DockerClient open = client;
        if (open == null) {
            open = opener.get();
            client = open;
        }
        return open;
    }

    static Throwable translate(Throwable cause) {
        return switch (cause) {
            case DockerException refused ->
                    EngineException.refused(
                            refused.getHttpStatus(), String.valueOf(refused.getMessage()));
            case RuntimeException wrapped when wrapped.getCause() instanceof IOException io ->
                    EngineException.unreachable(io);
            default -> EngineException.failed(cause);
        };
    }

    @Override
    public synchronized void close() throws IOException {
        if (client != null) {
            client.close();
        }
    }

    /** Hands the engine's events to a sink until either side ends. */
    private static final class EventSubscription extends ResultCallback.Adapter<Event>
            implements Disposable {

        private final FluxSink<ContainerEvent> sink;

        EventSubscription(FluxSink<ContainerEvent> sink) {
            this.sink = sink;
        }

        @Override
        public void onNext(Event event) {
            Translation.event(event).ifPresent(sink::next);
        }

        @Override
        public void onError(Throwable cause) {
            super.onError(cause);
            sink.error(translate(cause));
        }

        @Override
        public void onComplete() {
            super.onComplete();
            sink.complete();
        }

        @Override
        public void dispose() {
            try {
                close();
            } catch (IOException e) {
                // The stream is given up; how it ends does not matter any more.
                sink.complete();
            }
        }
    }
}
