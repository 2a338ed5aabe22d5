// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.trust;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A ticker that goes on when told. */
final class ManualTicker implements Ticker {

    private final AtomicLong now = new AtomicLong();

    void advance(Duration duration) {
        now.addAndGet(duration.toNanos());
    }

    @Override
    public long read() {
        return now.get();
    }
}
