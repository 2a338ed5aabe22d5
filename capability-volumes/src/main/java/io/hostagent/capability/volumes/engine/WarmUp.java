// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.engine;

import io.hostagent.core.docker.ContainerId;
import io.hostagent.core.docker.registry.ContainerRegistry;
import io.hostagent.core.json.JsonTree;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Makes the engine meet this plugin. An engine looks for a plugin when somebody names it, and a
 * Swarm starts services that want it only where that has happened; so the engine is asked for all
 * its volumes, until it says that it knows the driver. This is done when the plugin's socket is
 * open and each time the engine is connected; when nothing happens, nothing is asked.
 */
public final class WarmUp implements ContainerRegistry.Listener, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(WarmUp.class);

    /** An engine looks for other plugins, too, and gives each that is dead 15 s. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** What the waits in between amount to is a minute. */
    private static final int RETRIES = 9;

    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LAST_RETRY = Duration.ofSeconds(10);

    private final EngineApi engine;
    private final String driver;
    private final Duration firstRetry;
    private final Disposable.Swap attempt = Disposables.swap();
    private boolean open;
    private boolean connected;

    /**
     * Does nothing until it hears of something.
     *
     * @param driver the plugin's name
     */
    public WarmUp(EngineApi engine, String driver) {
        this(engine, driver, FIRST_RETRY);
    }

    WarmUp(EngineApi engine, String driver, Duration firstRetry) {
        this.engine = engine;
        this.driver = driver;
        this.firstRetry = firstRetry;
    }

    /** The plugin's socket is there. */
    public synchronized void opened() {
        open = true;
        begin();
    }

    @Override
    public synchronized void listed() {
        connected = true;
        begin();
    }

    @Override
    public void changed(ContainerId id) {
        // What happens to containers does not make an engine forget a plugin.
    }

    private void begin() {
        if (open && connected) {
            attempt.update(
                    Mono.defer(this::meet)
                            .retryWhen(Retry.backoff(RETRIES, firstRetry).maxBackoff(LAST_RETRY))
                            .subscribe(
                                    met ->
                                            log.info(
                                                    "The engine knows the volume driver {}",
                                                    driver),
                                    this::failed));
        }
    }

    private void failed(Throwable failure) {
        Throwable reason = failure.getCause() == null ? failure : failure.getCause();
        log.warn(
                "The engine does not know the volume driver {} yet, so a Swarm starts nothing here"
                        + " that needs it: {}",
                driver,
                reason.getMessage());
    }

    private Mono<Boolean> meet() {
        return engine.get("/volumes", LIMIT)
                .then(engine.get("/info", LIMIT))
                .map(
                        info -> {
                            if (!isListed(info)) {
                                throw new IllegalStateException("it is not among its plugins");
                            }
                            return true;
                        });
    }

    boolean isListed(Object info) {
        return JsonTree.list(info, "Plugins", "Volume").stream()
                .anyMatch(
                        name -> name instanceof String text && EngineMounts.isDriver(text, driver));
    }

    @Override
    public void close() {
        attempt.dispose();
    }
}
