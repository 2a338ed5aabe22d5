// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.capability.volumes.event.Told.Happened;
import io.hostagent.capability.volumes.event.Told.Missed;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.test.StepVerifier;

class EventRingTests {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final EventRing ring =
            new EventRing(Clock.fixed(Instant.ofEpochMilli(5), ZoneOffset.UTC));

    private static VolumeEvent event(int number) {
        return new VolumeEvent(Instant.EPOCH, "create", "v" + number, Map.of());
    }

    private void publish(int from, int to) {
        for (int i = from; i <= to; i++) {
            ring.publish(event(i));
        }
    }

    @Test
    void tellsWhatHappensFromNowOn() {
        publish(1, 2);
        StepVerifier.create(ring.follow(OptionalLong.empty()))
                .then(() -> publish(3, 4))
                .expectNext(new Happened(5_003, event(3)), new Happened(5_004, event(4)))
                .thenCancel()
                .verify(LIMIT);
        assertThat(ring.followers()).isZero();
    }

    @Test
    void goesOnWhereAFollowerLeftOff() {
        publish(1, 4);
        StepVerifier.create(ring.follow(OptionalLong.of(5_002)))
                .expectNext(new Happened(5_003, event(3)), new Happened(5_004, event(4)))
                .thenCancel()
                .verify(LIMIT);
        StepVerifier.create(ring.follow(OptionalLong.of(0)))
                .expectNext(new Happened(5_001, event(1)))
                .thenCancel()
                .verify(LIMIT);
    }

    @Test
    void tellsWhoeverComesTooLateThatSomethingIsMissing() {
        publish(1, EventRing.KEPT + 10);
        StepVerifier.create(ring.follow(OptionalLong.of(5_003)), 2)
                .expectNext(new Missed(5_010), new Happened(5_011, event(11)))
                .thenCancel()
                .verify(LIMIT);
    }

    @Test
    void tellsWhoeverIsOfAnotherTimeThatSomethingIsMissing() {
        publish(1, 1);
        for (long id : new long[] {1, 99_999}) {
            StepVerifier.create(ring.follow(OptionalLong.of(id)))
                    .expectNext(new Missed(5_000), new Happened(5_001, event(1)))
                    .thenCancel()
                    .verify(LIMIT);
        }
    }

    @Test
    void keepsNothingForAFollowerThatIsSlow() {
        List<Told> told = new ArrayList<>();
        BaseSubscriber<Told> slow =
                new BaseSubscriber<>() {
                    @Override
                    protected void hookOnSubscribe(Subscription subscription) {
                        request(1);
                    }

                    @Override
                    protected void hookOnNext(Told next) {
                        told.add(next);
                    }
                };
        ring.follow(OptionalLong.empty()).subscribe(slow);
        publish(1, 3 * EventRing.KEPT);
        assertThat(told).containsExactly(new Happened(5_001, event(1)));
        slow.request(2);
        assertThat(told).endsWith(new Missed(7_000), new Happened(7_001, event(2_001))).hasSize(3);
        assertThat(ring.recent()).hasSize(EventRing.KEPT);
    }

    @Test
    void losesNothingWhenManyPublishAndAFollowerAsksOneByOne() throws Exception {
        int threads = 4;
        int each = EventRing.KEPT / threads;
        List<Long> told = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch all = new CountDownLatch(threads * each);
        ring.follow(OptionalLong.empty())
                .subscribe(
                        new BaseSubscriber<>() {
                            @Override
                            protected void hookOnSubscribe(Subscription subscription) {
                                request(1);
                            }

                            @Override
                            protected void hookOnNext(Told next) {
                                told.add(next.id());
                                all.countDown();
                                request(1);
                            }
                        });
        for (int i = 0; i < threads; i++) {
            Thread.ofPlatform().start(() -> publish(1, each));
        }
        assertThat(all.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(told).isSorted().doesNotHaveDuplicates();
    }
}
