// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hostagent.core.fixture.ScriptedConnection;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Bodies: how fast they flow, and what happens when one side is done before the other. */
@ExtendWith(NoLeaks.class)
class RelayFlowTests {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String CHUNKS = "5\r\nhello\r\n0\r\n\r\n";
    private static final byte[] MEGABYTE = new byte[1024 * 1024];

    /** Kernel buffers of two sockets, and what the relay itself may hold. */
    private static final long MOST_IN_FLIGHT = 16L * MEGABYTE.length;

    private static final int SENT = 64;

    private final RelayServer relay = new RelayServer();

    @AfterEach
    void close() {
        relay.close();
    }

    @Test
    void readsTheServerNoFasterThanTheClientReads() throws Exception {
        relay.upstream.follow(
                connection -> {
                    connection.readHead();
                    connection.write(
                            "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n"
                                    .formatted((long) SENT * MEGABYTE.length));
                    for (int i = 0; i < SENT; i++) {
                        connection.write(MEGABYTE);
                    }
                    connection.readToEnd();
                });

        try (RawClient client = new RawClient(relay.port(), 64 * 1024)) {
            client.get("/").readHead();
            ScriptedConnection server = relay.upstream.connections().getFirst();
            awaitStandstill(server::written);
            assertThat(server.written()).isLessThan(MOST_IN_FLIGHT);

            for (int i = 0; i < SENT; i++) {
                assertThat(client.read(MEGABYTE.length)).hasSize(MEGABYTE.length);
            }
        }
    }

    @Test
    void readsTheClientNoFasterThanTheServerReads() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        relay.upstream.follow(
                connection -> {
                    connection.readHead();
                    assertThat(go.await(30, TimeUnit.SECONDS)).isTrue();
                    assertThat(connection.read(SENT * MEGABYTE.length))
                            .hasSize(SENT * MEGABYTE.length);
                    connection.write(OK);
                    connection.readToEnd();
                });
        AtomicLong sent = new AtomicLong();

        try (RawClient client = relay.client()) {
            client.send(
                    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"
                            .formatted((long) SENT * MEGABYTE.length));
            Thread.ofVirtual().start(() -> upload(client, sent));
            awaitStandstill(sent::get);
            assertThat(sent.get()).isPositive().isLessThan(MOST_IN_FLIGHT);

            go.countDown();
            assertThat(client.readResponse()).isEqualTo("200 ok");
        }
    }

    @Test
    void passesAPieceOnAsSoonAsItComes() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        relay.upstream.follow(
                connection -> {
                    connection.readHead();
                    connection.write(
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n");
                    assertThat(seen.await(10, TimeUnit.SECONDS)).isTrue();
                    connection.write("1\r\nb\r\n0\r\n\r\n");
                });

        try (RawClient client = relay.client()) {
            client.get("/").readUntil("1\r\na\r\n");
            seen.countDown();
            assertThat(client.readUntil("0\r\n\r\n")).isEqualTo("1\r\nb\r\n0\r\n\r\n");
        }
    }

    @Test
    void passesAHeadOnBeforeThereIsABody() throws Exception {
        relay.upstream.follow(
                connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                    connection.readToEnd();
                });

        try (RawClient client = relay.client()) {
            assertThat(client.get("/").readHead()).startsWith("HTTP/1.1 200 OK\r\n");
        }
    }

    @Test
    void passesAnEarlyAnswerOnAndUsesNeitherConnectionAgain() throws Exception {
        relay.upstream.follow(
                connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 400 No\r\nContent-Length: 2\r\n\r\nno");
                    connection.readToEnd();
                });

        try (RawClient client = relay.client()) {
            client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nabc");
            assertThat(client.readResponse()).isEqualTo("400 no");
            assertThat(relay.upstream.connections().getFirst().awaitEnd(10)).isTrue();
            long began = System.nanoTime();
            assertThat(client.readToEnd()).isEmpty();
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isLessThan(Duration.ofSeconds(4));
        }
    }

    @Test
    void cutsABodyThatNeverEndsAfterAnEarlyAnswer() throws Exception {
        relay.upstream.follow(
                connection -> {
                    connection.readHead();
                    connection.write(OK);
                    connection.readToEnd();
                });

        try (RawClient client = relay.client()) {
            client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
            assertThat(client.readResponse()).isEqualTo("200 ok");
            Thread sender = Thread.ofVirtual().start(() -> sendChunksForEver(client));

            assertThat(sender.join(Duration.ofSeconds(5))).isTrue();
        }
    }

    @Test
    void keepsTheConnectionWhenTheRestOfTheBodyComesInTime() throws Exception {
        relay.upstream.follow(
                connection -> {
                    connection.readHead();
                    connection.write(OK);
                    connection.readToEnd();
                });

        try (RawClient client = relay.client()) {
            client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\nabc");
            assertThat(client.readResponse()).isEqualTo("200 ok");
            relay.upstream.answer(OK);
            client.send("def").get("/");
            assertThat(client.readResponse()).isEqualTo("200 ok");
        }
        assertThat(relay.upstream.connections()).hasSize(2);
    }

    @Test
    void keepsTheFramingOfABody() throws Exception {
        relay.upstream.follow(
                connection -> {
                    while (!connection.readHead().isEmpty()) {
                        boolean chunked = connection.heads().getLast().contains("chunked");
                        String body =
                                chunked ? connection.readUntil("0\r\n\r\n") : connection.read(5);
                        connection.write(
                                "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s"
                                        .formatted(body.length(), body));
                    }
                });

        try (RawClient client = relay.client()) {
            client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
            assertThat(client.readResponse()).isEqualTo("200 hello");
            client.send(
                    "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS);
            assertThat(client.readResponse()).isEqualTo("200 " + CHUNKS);
        }
        assertThat(relay.upstream.connections()).hasSize(1);
    }

    private static void awaitStandstill(LongSupplier bytes) {
        AtomicLong last = new AtomicLong(-1);
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(500))
                .until(
                        () ->
                                last.getAndSet(bytes.getAsLong()) == bytes.getAsLong()
                                        && last.get() > 0);
    }

    private static void upload(RawClient client, AtomicLong sent) {
        try {
            for (int i = 0; i < SENT; i++) {
                client.send(MEGABYTE);
                sent.addAndGet(MEGABYTE.length);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void sendChunksForEver(RawClient client) {
        byte[] chunk = ("1000\r\n" + "x".repeat(0x1000) + "\r\n").getBytes(US_ASCII);
        try {
            while (true) {
                client.send(chunk);
            }
        } catch (SocketException e) {
            // It was cut, which is what this waits for.
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
