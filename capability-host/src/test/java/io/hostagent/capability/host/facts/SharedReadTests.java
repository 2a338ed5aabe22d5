// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.facts;

import io.hostagent.core.concurrent.Blocking;
import io.hostagent.core.fixture.RecordedHost;
import io.hostagent.core.kernel.HostFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class SharedReadTests {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration WAIT = Duration.ofSeconds(10);

    @TempDir private Path folder = Path.of("");

    private final Blocking blocking = new Blocking(8);
    private final AtomicInteger reads = new AtomicInteger();

    @AfterEach
    void close() {
        blocking.close();
    }

    @Test
    void readsOnceForAllWhoAskAtTheSameTime() {
        CountDownLatch all = new CountDownLatch(1);
        SharedRead<Integer> shared =
                read(
                        LONG,
                        LONG,
                        files -> {
                            all.await();
                            return reads.incrementAndGet();
                        });
        HostFiles files = files();

        Mono<Integer> sum =
                Flux.range(0, 50)
                        .flatMap(i -> shared.of(files), 50)
                        .reduce(0, Integer::sum)
                        .doOnSubscribe(started -> all.countDown());

        StepVerifier.create(sum).expectNext(50).expectComplete().verify(WAIT);
    }

    @Test
    void keepsWhatItRead() {
        SharedRead<Integer> shared = read(LONG, LONG, files -> reads.incrementAndGet());

        for (int i = 0; i < 3; i++) {
            StepVerifier.create(shared.of(files())).expectNext(1).expectComplete().verify(WAIT);
        }
    }

    @Test
    void doesNotKeepAFailure() {
        SharedRead<Integer> shared =
                read(
                        LONG,
                        LONG,
                        files -> {
                            if (reads.incrementAndGet() == 1) {
                                throw new IOException("not now");
                            }
                            return 2;
                        });

        StepVerifier.create(shared.of(files())).expectErrorMessage("not now").verify(WAIT);
        StepVerifier.create(shared.of(files())).expectNext(2).expectComplete().verify(WAIT);
    }

    /** What was read without the host's root is not good for one with it. */
    @Test
    void readsAgainWhenTheHostsRootAppears() {
        SharedRead<Integer> shared = read(LONG, LONG, files -> reads.incrementAndGet());
        HostFiles with = files();
        HostFiles without =
                new HostFiles(
                        with.proc(),
                        with.sys(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());

        StepVerifier.create(shared.of(without)).expectNext(1).expectComplete().verify(WAIT);
        StepVerifier.create(shared.of(with)).expectNext(2).expectComplete().verify(WAIT);
    }

    @Test
    void waitsNoLongerThanItsLimit() {
        SharedRead<Integer> shared =
                read(
                        Duration.ofMillis(100),
                        LONG,
                        files -> {
                            new CountDownLatch(1).await();
                            return 1;
                        });

        StepVerifier.create(shared.of(files())).expectError(TimeoutException.class).verify(WAIT);
    }

    @Test
    void goesOnForTheOthersWhenOneLeaves() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        SharedRead<Integer> shared =
                read(
                        LONG,
                        LONG,
                        files -> {
                            begun.countDown();
                            go.await();
                            return reads.incrementAndGet();
                        });
        HostFiles files = files();
        Disposable leaving = shared.of(files).subscribe();
        begun.await();
        leaving.dispose();

        StepVerifier.create(shared.of(files).doOnSubscribe(asked -> go.countDown()))
                .expectNext(1)
                .expectComplete()
                .verify(WAIT);
    }

    private SharedRead<Integer> read(
            Duration limit, Duration keep, SharedRead.Reader<Integer> reader) {
        return new SharedRead<>(blocking, limit, keep, reader);
    }

    private HostFiles files() {
        return RecordedHost.in(folder).files();
    }
}
