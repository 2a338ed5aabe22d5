// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

class HeadStartTests {

    private static final Duration ALONE = Duration.ofMillis(200);

    private final AtomicInteger asked = new AtomicInteger();

    private Mono<String> counted(Mono<String> source) {
        return source.doOnSubscribe(subscription -> asked.incrementAndGet());
    }

    @Test
    void whoAnswersInTimeIsTheOnlyOneAsked() {
        StepVerifier.withVirtualTime(
                        () ->
                                HeadStart.of(
                                        ALONE,
                                        counted(Mono.just("a").delayElement(ALONE.minusMillis(1))),
                                        counted(Mono.just("b"))))
                .thenAwait(ALONE)
                .expectNext("a")
                .verifyComplete();
        assertThat(asked).hasValue(1);
    }

    @Test
    void whoIsSilentIsNotWaitedFor() {
        StepVerifier.withVirtualTime(
                        () -> HeadStart.of(ALONE, Mono.never(), Mono.never(), Mono.just("c")))
                .expectSubscription()
                .expectNoEvent(ALONE.multipliedBy(2))
                .expectNext("c")
                .verifyComplete();
    }

    @Test
    void whoHasNothingOrFailsIsFollowedAtOnce() {
        StepVerifier.withVirtualTime(
                        () ->
                                HeadStart.of(
                                        ALONE,
                                        Mono.empty(),
                                        Mono.error(new IllegalStateException("gone")),
                                        Mono.just("c")))
                .expectNext("c")
                .verifyComplete();
    }

    @Test
    void theSlowOneCountsIfTheNextHasNothing() {
        StepVerifier.withVirtualTime(
                        () ->
                                HeadStart.of(
                                        ALONE,
                                        Mono.just("a").delayElement(ALONE.multipliedBy(3)),
                                        Mono.empty()))
                .thenAwait(ALONE.multipliedBy(3))
                .expectNext("a")
                .verifyComplete();
    }

    @Test
    void nobodyHasAnything() {
        StepVerifier.withVirtualTime(() -> HeadStart.of(ALONE, Mono.empty(), Mono.empty()))
                .verifyComplete();
    }

    @Test
    void whoIsNoLongerWaitedForIsLetGo() {
        TestPublisher<String> second = TestPublisher.create();
        StepVerifier.create(
                        HeadStart.of(
                                Duration.ZERO,
                                Mono.just("a").delayElement(Duration.ofMillis(50)),
                                second.mono()))
                .expectNext("a")
                .verifyComplete();
        second.assertCancelled();
    }
}
