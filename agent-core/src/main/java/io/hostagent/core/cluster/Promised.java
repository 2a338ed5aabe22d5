// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.cluster;

import java.util.concurrent.CompletableFuture;
import reactor.core.publisher.Mono;

/** Between Reactor and caches, which keep futures. */
final class Promised {

    private Promised() {}

    /** Subscribes at once; the publisher must not end without a value. */
    static <T> CompletableFuture<T> of(Mono<T> value) {
        CompletableFuture<T> future = new CompletableFuture<>();
        value.subscribe(
                future::complete,
                future::completeExceptionally,
                () -> future.completeExceptionally(new IllegalStateException("no value")));
        return future;
    }
}
