// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NameLookUpTests {

    private final MultiThreadIoEventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final EventLoop loop = loops.next();

    @AfterEach
    void stop() {
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS);
    }

    @Test
    void blocksElsewhereThanOnTheEventLoop() throws Exception {
        List<Runnable> waiting = new ArrayList<>();
        Future<InetSocketAddress> found = lookUp("localhost", Duration.ofSeconds(10), waiting::add);

        assertThat(loop.submit(() -> "free").get(5, TimeUnit.SECONDS)).isEqualTo("free");
        assertThat(found.isDone()).isFalse();
        waiting.getFirst().run();
        assertThat(found.get(5, TimeUnit.SECONDS).getAddress().isLoopbackAddress()).isTrue();
    }

    @Test
    void givesUpOnANameServerThatIsSilent() throws Exception {
        Future<InetSocketAddress> found = lookUp("silent", Duration.ofMillis(50), work -> {});

        assertThat(found.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(found.cause())
                .isInstanceOf(UnknownHostException.class)
                .hasMessageContaining("silent: no answer from the name server");
    }

    @Test
    void saysThatThereIsNoSuchName() throws Exception {
        Future<InetSocketAddress> found =
                lookUp("no-such-host.invalid", Duration.ofSeconds(20), Thread::startVirtualThread);

        assertThat(found.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(found.cause())
                .isInstanceOf(UnknownHostException.class)
                .hasMessageContaining("no-such-host.invalid");
    }

    private Future<InetSocketAddress> lookUp(String name, Duration limit, Executor threads)
            throws Exception {
        NameLookUp names = new NameLookUp(threads, limit);
        return loop.submit(
                        () ->
                                names.getResolver(loop)
                                        .resolve(InetSocketAddress.createUnresolved(name, 1)))
                .get(5, TimeUnit.SECONDS);
    }
}
