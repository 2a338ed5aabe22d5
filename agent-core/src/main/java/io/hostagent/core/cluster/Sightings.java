// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.cluster;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/** When each node was seen last, and how often it was not there when it was needed. */
final class Sightings {

    private static final int MAX_NODES = 10_000;

    private final Clock clock;
    private final Cache<String, Instant> seen = cache();
    private final Cache<String, LongAdder> unanswered = cache();

    Sightings(Clock clock) {
        this.clock = clock;
    }

    private static <V> Cache<String, V> cache() {
        return Caffeine.newBuilder()
                .maximumSize(MAX_NODES)
                .expireAfterWrite(Duration.ofDays(7))
                .executor(Runnable::run)
                .build();
    }

    void saw(String node) {
        seen.put(node, clock.instant());
    }

    void missed(String node) {
        unanswered.get(node, key -> new LongAdder()).increment();
    }

    Optional<Instant> lastSeen(String node) {
        return Optional.ofNullable(seen.getIfPresent(node));
    }

    /** Requests that a node did not answer since this agent started. */
    long unanswered(String node) {
        LongAdder count = unanswered.getIfPresent(node);
        return count == null ? 0 : count.sum();
    }
}
