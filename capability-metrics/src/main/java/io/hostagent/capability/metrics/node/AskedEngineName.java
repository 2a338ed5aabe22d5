// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.core.docker.DockerEngine;
import io.hostagent.core.docker.EngineInfo;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The name that the engine gave last. It is asked again now and then, since a host can be renamed;
 * one that is stopped takes no name away, as all of a host's graphs hang on it, and one that hangs
 * holds up one scrape in a while and not each.
 */
final class AskedEngineName implements EngineName {

    private static final Duration LIMIT = Duration.ofSeconds(1);
    private static final long KEEP_NANOS = Duration.ofMinutes(5).toNanos();
    private static final long RETRY_NANOS = Duration.ofSeconds(30).toNanos();

    private final DockerEngine engine;
    private final LongSupplier nanoTime;
    private Optional<String> known = Optional.empty();
    private long askAgainAt;

    AskedEngineName(DockerEngine engine) {
        this(engine, System::nanoTime);
    }

    AskedEngineName(DockerEngine engine, LongSupplier nanoTime) {
        this.engine = engine;
        this.nanoTime = nanoTime;
        askAgainAt = nanoTime.getAsLong();
    }

    @Override
    public synchronized Optional<String> ask() {
        if (nanoTime.getAsLong() - askAgainAt >= 0) {
            Optional<String> answer = answer();
            askAgainAt = nanoTime.getAsLong() + (answer.isPresent() ? KEEP_NANOS : RETRY_NANOS);
            known = answer.or(() -> known);
        }
        return known;
    }

    private Optional<String> answer() {
        CompletableFuture<@Nullable EngineInfo> info = engine.info().toFuture();
        return Optional.ofNullable(
                        info.completeOnTimeout(null, LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                                .handle(AskedEngineName::unlessItFailed)
                                .join())
                .map(EngineInfo::name)
                .filter(name -> !name.isEmpty());
    }

    private static @Nullable EngineInfo unlessItFailed(
            @Nullable EngineInfo info, @Nullable Throwable failure) {
        return failure == null ? info : null;
    }
}
