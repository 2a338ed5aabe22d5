// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.core.fixture.ScriptedServer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class UpstreamCallTests {

    private static final int ROUNDS = 2_000;
    private static final byte FILLING = 'x';

    private final ScriptedServer server = ScriptedServer.open();
    private final MultiThreadIoEventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final Upstream upstream =
            new Upstream(
                    "the server",
                    new UpstreamAddress.Unix(server.socket()),
                    Duration.ofSeconds(5),
                    ROUNDS);

    @AfterEach
    void stop() throws Exception {
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).await(10, TimeUnit.SECONDS);
        server.close();
    }

    /** A stream that is closed under its reader ends; it never hands out another's memory. */
    @Test
    void aBodyMayBeClosedWhileItIsRead() throws Exception {
        server.follow(
                connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 200 OK\r\n\r\n");
                    byte[] piece = "x".repeat(100).getBytes(US_ASCII);
                    while (true) {
                        connection.write(piece);
                    }
                });
        for (int i = 0; i < ROUNDS; i++) {
            UpstreamCall call =
                    UpstreamCall.send(
                            upstream,
                            loops.next(),
                            HttpMethod.GET,
                            "/",
                            new DefaultHttpHeaders(),
                            new byte[0]);
            InputStream body = call.body();
            CompletableFuture<Boolean> clean =
                    CompletableFuture.supplyAsync(() -> readsOnlyFilling(body));
            long until = System.nanoTime() + ThreadLocalRandom.current().nextLong(300_000);
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            body.close();
            assertThat(clean.get(10, TimeUnit.SECONDS)).isTrue();
            assertThat(body.read()).isEqualTo(-1);
        }
    }

    private static boolean readsOnlyFilling(InputStream body) {
        byte[] buffer = new byte[37];
        try {
            for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
                for (int i = 0; i < count; i++) {
                    if (buffer[i] != FILLING) {
                        return false;
                    }
                }
            }
            return true;
        } catch (IOException e) {
            return true;
        }
    }
}
