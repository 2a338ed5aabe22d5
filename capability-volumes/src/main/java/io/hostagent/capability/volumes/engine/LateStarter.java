// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.engine;

import io.hostagent.capability.volumes.event.VolumeEvent;
import io.hostagent.capability.volumes.event.VolumeEvents;
import io.hostagent.core.docker.ContainerId;
import io.hostagent.core.docker.registry.ContainerRegistry;
import io.hostagent.core.json.JsonTree;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Starts the containers that their engine could not start, because this plugin was not there yet.
 * An engine tries once, when it starts, whatever the restart policy says. This is done when the
 * engine is connected and the plugin's socket is open, and once more a little later, for what the
 * engine was still waiting for; each container is started once for each connection. The label
 * {@value #LABEL} with {@code false} keeps a container out of it.
 */
public final class LateStarter implements ContainerRegistry.Listener, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(LateStarter.class);

    static final String LABEL = "io.hostagent.late-start";

    private static final int AT_ONCE = 4;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** A start waits for mounts, for up to two minutes each. */
    private static final Duration START_LIMIT = Duration.ofMinutes(5);

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);

    private final EngineApi engine;
    private final String driver;
    private final VolumeEvents events;
    private final Clock clock;
    private final Duration lookAgain;
    private final Disposable.Swap work = Disposables.swap();
    private final Set<String> tried = new HashSet<>();
    private boolean open;
    private boolean connected;

    /** A container to look at. */
    record Candidate(String id, String name, String volume) {}

    /**
     * Does nothing until it hears of something.
     *
     * @param driver the plugin's name
     */
    public LateStarter(EngineApi engine, String driver, VolumeEvents events, Clock clock) {
        this(engine, driver, events, clock, LOOK_AGAIN);
    }

    LateStarter(
            EngineApi engine, String driver, VolumeEvents events, Clock clock, Duration lookAgain) {
        this.engine = engine;
        this.driver = driver;
        this.events = events;
        this.clock = clock;
        this.lookAgain = lookAgain;
    }

    /** The plugin's socket is there, and volumes can be mounted. */
    public synchronized void opened() {
        open = true;
        begin();
    }

    @Override
    public synchronized void listed() {
        connected = true;
        tried.clear();
        begin();
    }

    @Override
    public void changed(ContainerId id) {
        // A start that fails from now on is seen by whoever wanted it.
    }

    private void begin() {
        if (open && connected) {
            work.update(
                    Flux.concat(look(), Mono.delay(lookAgain).thenMany(look()))
                            .subscribe(done -> {}));
        }
    }

    private Flux<Boolean> look() {
        String target =
                EngineApi.filtered(
                        "/containers/json?all=1&", Map.of("status", List.of("exited", "created")));
        return engine.get(target, LIMIT)
                .flatMapIterable(list -> candidates(list, driver))
                .filter(candidate -> !isTried(candidate))
                .flatMap(this::startIfFailed, AT_ONCE)
                .onErrorResume(
                        failure -> {
                            log.warn(
                                    "Whether containers wait for a volume cannot be told: {}",
                                    failure.getMessage());
                            return Flux.empty();
                        });
    }

    static List<Candidate> candidates(Object list, String driver) {
        return JsonTree.list(list).stream()
                .filter(item -> !EngineApi.text(item, "Labels", LABEL).equals("false"))
                .flatMap(
                        item ->
                                EngineMounts.names(item, driver).stream()
                                        .limit(1)
                                        .map(volume -> candidate(item, volume)))
                .toList();
    }

    private static Candidate candidate(@Nullable Object item, String volume) {
        return new Candidate(EngineApi.text(item, "Id"), EngineMounts.nameOf(item), volume);
    }

    private Mono<Boolean> startIfFailed(Candidate candidate) {
        return engine.get("/containers/" + candidate.id() + "/json", LIMIT)
                .filter(details -> new FailedStart(details).isForWantOfAVolume(driver))
                .filter(details -> isFirstTry(candidate))
                .flatMap(details -> start(candidate))
                .onErrorResume(
                        failure -> {
                            tell(candidate, "late-start-failed", failure.getMessage());
                            return Mono.empty();
                        });
    }

    private Mono<Boolean> start(Candidate candidate) {
        return engine.post("/containers/" + candidate.id() + "/start", START_LIMIT)
                .then(
                        Mono.fromCallable(
                                () -> {
                                    tell(candidate, "late-start", "");
                                    return true;
                                }));
    }

    private synchronized boolean isTried(Candidate candidate) {
        return tried.contains(candidate.id());
    }

    private synchronized boolean isFirstTry(Candidate candidate) {
        return tried.add(candidate.id());
    }

    private void tell(Candidate candidate, String action, @Nullable String reason) {
        String why = reason == null ? "" : reason;
        if (why.isEmpty()) {
            log.info("Started {}, which had waited for a volume", candidate.name());
        } else {
            log.warn("Starting {}, which waits for a volume, failed: {}", candidate.name(), why);
        }
        events.publish(
                new VolumeEvent(
                        clock.instant(),
                        action,
                        candidate.volume(),
                        Map.of(
                                "container", candidate.id(),
                                "name", candidate.name(),
                                "reason", why)));
    }

    @Override
    public void close() {
        work.dispose();
    }
}
