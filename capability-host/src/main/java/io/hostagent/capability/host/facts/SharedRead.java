// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.facts;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.hostagent.core.concurrent.Blocking;
import io.hostagent.core.kernel.HostFiles;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import reactor.core.publisher.Mono;

/**
 * What is read from the host's files once for all who ask at the same time, and kept for a while. A
 * read that fails is not kept.
 */
final class SharedRead<T> {

    /** One, and for a moment another when the host's root has just appeared. */
    private static final int PLACES = 2;

    private final Blocking blocking;
    private final Duration limit;
    private final Reader<T> reader;
    private final AsyncCache<HostFiles, T> results;

    /** Reads files of the host; it may block. */
    interface Reader<T> {
        T read(HostFiles files) throws Exception;
    }

    /**
     * Makes one.
     *
     * @param limit how long the read may take
     * @param keep how long its result is good for
     */
    SharedRead(Blocking blocking, Duration limit, Duration keep, Reader<T> reader) {
        this.blocking = blocking;
        this.limit = limit;
        this.reader = reader;
        results =
                Caffeine.newBuilder()
                        .maximumSize(PLACES)
                        .expireAfterWrite(keep)
                        .executor(Runnable::run)
                        .buildAsync();
    }

    /**
     * The result; a {@link java.util.concurrent.TimeoutException} when it takes too long. Who no
     * longer waits does not end the read for others.
     */
    Mono<T> of(HostFiles files) {
        return Mono.defer(
                () -> {
                    CompletableFuture<T> read =
                            results.get(files, (key, executor) -> start(key).toFuture());
                    return Mono.fromFuture(read, true)
                            // The cache would do so by itself, after the caller knows.
                            .doOnError(failure -> results.asMap().remove(files, read));
                });
    }

    private Mono<T> start(HostFiles files) {
        return blocking.call(limit, () -> reader.read(files));
    }
}
