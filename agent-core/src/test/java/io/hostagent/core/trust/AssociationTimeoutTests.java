// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.trust;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AssociationTimeoutTests {

    private static final Duration SHORT = Duration.ofMillis(100);

    private final CountDownLatch stopped = new CountDownLatch(1);

    @Test
    void stopsListeningWhenNobodyCame() throws Exception {
        try (var timeout = new AssociationTimeout(SHORT, () -> false, stopped::countDown)) {
            timeout.start();
            assertThat(stopped.await(5, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void doesNothingWhenSomebodyCame() throws Exception {
        try (var timeout = new AssociationTimeout(SHORT, () -> true, stopped::countDown)) {
            timeout.start();
            assertThat(stopped.await(300, TimeUnit.MILLISECONDS)).isFalse();
        }
    }

    @Test
    void doesNothingOnceClosed() throws Exception {
        try (var timeout = new AssociationTimeout(SHORT, () -> false, stopped::countDown)) {
            timeout.start();
        }
        assertThat(stopped.await(300, TimeUnit.MILLISECONDS)).isFalse();
    }
}
