// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostagent.capability.volumes.volume.VolumeName;
import io.hostagent.core.error.BusyException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class VolumeLocksTests {

    private static final VolumeName WEB = new VolumeName("web");
    private static final VolumeName OTHER = new VolumeName("other");
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(50);

    private final VolumeLocks locks = new VolumeLocks();

    @Test
    void sayWhatTheyWaitedFor() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
            Future<String> first =
                    threads.submit(
                            () ->
                                    locks.with(
                                            WEB,
                                            "its removal",
                                            LONG,
                                            () -> {
                                                inside.countDown();
                                                await(end);
                                                return "removed";
                                            }));
            inside.await();

            assertThatThrownBy(() -> locks.with(WEB, "a mount", SHORT, () -> "mounted"))
                    .isInstanceOf(BusyException.class)
                    .hasMessage("Volume web is busy: its removal goes on");
            assertThat(locks.with(OTHER, "a mount", SHORT, () -> "mounted")).isEqualTo("mounted");

            end.countDown();
            assertThat(first.get()).isEqualTo("removed");
        }
        assertThat(locks.with(WEB, "a mount", SHORT, () -> "mounted")).isEqualTo("mounted");
    }

    @Test
    void areFreeAgainAfterAFailure() {
        assertThatThrownBy(
                        () ->
                                locks.with(
                                        WEB,
                                        "a mount",
                                        SHORT,
                                        () -> {
                                            throw new IllegalStateException("broken");
                                        }))
                .hasMessage("broken");

        assertThat(locks.with(WEB, "a mount", SHORT, () -> "mounted")).isEqualTo("mounted");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
