// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.cluster;

import java.time.Duration;
import java.util.NoSuchElementException;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Sources of one answer, the best one first. Each has some time to itself before the next one is
 * asked beside it, as addresses have in RFC 8305: a host that is gone says nothing at all, and is
 * not waited for.
 */
final class HeadStart {

    private HeadStart() {}

    /**
     * The first answer that comes; empty when no source has one. What fails has no answer, and the
     * next source is asked at once.
     *
     * @param alone how long a source is asked before the next one is
     */
    @SafeVarargs
    static <T> Mono<T> of(Duration alone, Mono<T>... sources) {
        Mono<T> rest = Mono.empty();
        for (int i = sources.length - 1; i >= 0; i--) {
            rest = ahead(alone, sources[i].onErrorComplete(), rest);
        }
        return rest;
    }

    private static <T> Mono<T> ahead(Duration alone, Mono<T> source, Mono<T> rest) {
        return Mono.defer(
                () -> {
                    Sinks.Empty<Void> over = Sinks.empty();
                    Mono<T> asked = source.doFinally(end -> over.tryEmitEmpty());
                    Mono<Void> turn = Mono.firstWithSignal(over.asMono(), Mono.delay(alone).then());
                    return Mono.firstWithValue(asked, turn.then(rest))
                            .onErrorComplete(NoSuchElementException.class);
                });
    }
}
