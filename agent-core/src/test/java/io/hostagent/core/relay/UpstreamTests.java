// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What idle connections cost. */
class UpstreamTests {

    private final Upstream upstream =
            new Upstream(
                    "the server",
                    new UpstreamAddress.Unix(Path.of("/nowhere")),
                    Duration.ofSeconds(1),
                    8);

    @Test
    void hasOneTimerHoweverOftenAConnectionIsUsed() {
        AtomicInteger timers = new AtomicInteger();
        EventLoop loop = countingTimers(timers);
        AtomicBoolean made = new AtomicBoolean();
        EmbeddedChannel channel =
                new EmbeddedChannel() {
                    @Override
                    public EventLoop eventLoop() {
                        return made.get() ? loop : super.eventLoop();
                    }
                };
        made.set(true);
        UpstreamConnection connection = new UpstreamConnection(upstream, channel);

        for (int i = 0; i < 100; i++) {
            upstream.release(connection);
            upstream.take(loop);
        }

        assertThat(timers).hasValue(1);
    }

    private static EventLoop countingTimers(AtomicInteger timers) {
        return (EventLoop)
                Proxy.newProxyInstance(
                        UpstreamTests.class.getClassLoader(),
                        new Class<?>[] {EventLoop.class},
                        (proxy, method, arguments) ->
                                switch (method.getName()) {
                                    case "schedule" -> {
                                        timers.incrementAndGet();
                                        yield null;
                                    }
                                    case "isShuttingDown" -> false;
                                    case "hashCode" -> System.identityHashCode(proxy);
                                    default -> throw new UnsupportedOperationException();
                                });
    }
}
