// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hostagent.core.fixture.ScriptedConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;

/** Clients on two event loops that share answers, and what becomes of them when they cannot. */
@ExtendWith(NoLeaks.class)
class SharedAnswersTests {

    /** More than the kernel takes for a client that does not read. */
    private static final int MOST_BYTES = 8 << 20;

    private static final int HELD_BYTES = 12 << 20;
    private static final String FIRST = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst";
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final SharedAnswers shared =
            new SharedAnswers(MOST_BYTES, HELD_BYTES, LIMIT, Duration.ofMillis(200));
    private final RelayServer relay = new RelayServer(HttpProtocol.HTTP11, shared);
    private final List<RawClient> clients = new ArrayList<>();

    /** One permit for each first call of a target that may have its answer. */
    private final Semaphore firstMayEnd = new Semaphore(0);

    private final Set<String> asked = ConcurrentHashMap.newKeySet();

    /** What the server says to every request but the first. */
    @FunctionalInterface
    private interface Reply {
        void to(ScriptedConnection connection) throws Exception;
    }

    @AfterEach
    void leavesNothingBehind() throws Exception {
        for (RawClient client : clients) {
            client.close();
        }
        await().atMost(LIMIT).until(() -> shared.heldBytes() == 0 && shared.keys() == 0);
        relay.close();
    }

    @Test
    void thoseWhoWaitGetOneAnswer() throws Exception {
        occupy(say("HTTP/1.1 200 OK\r\nX-Of: all\r\nContent-Length: 2\r\n\r\nok"));
        wait(8);

        firstMayEnd.release();

        assertThat(clients.removeFirst().readResponse()).isEqualTo("200 first");
        for (RawClient client : clients) {
            assertThat(client.readHead()).startsWith("HTTP/1.1 200 OK").contains("X-Of: all");
            assertThat(client.read(2)).isEqualTo("ok");
        }
        assertThat(relay.upstream.heads()).hasSize(2);
        for (RawClient client : clients) {
            // The connections are none the worse for it.
            firstMayEnd.release();
            assertThat(client.get("/other").readResponse()).startsWith("200 ");
        }
    }

    @ParameterizedTest
    @CsvSource({"0,true", "1,true", "70000,true", "1048576,true", "70000,false", "1048576,false"})
    void bodiesOfAnySizeArriveWhole(int size, boolean chunked) throws Exception {
        String body = pattern(size);
        String head = "HTTP/1.1 200 OK\r\n";
        occupy(
                connection -> {
                    if (!chunked) {
                        connection.write(head + "Content-Length: " + size + "\r\n\r\n" + body);
                        return;
                    }
                    connection.write(head + "Transfer-Encoding: chunked\r\n\r\n");
                    for (int at = 0; at < size; at += 10_000) {
                        String piece = body.substring(at, Math.min(size, at + 10_000));
                        connection.write(
                                Integer.toHexString(piece.length()) + "\r\n" + piece + "\r\n");
                    }
                    connection.write("0\r\n\r\n");
                });
        wait(6);

        firstMayEnd.release();

        for (RawClient client : clients.subList(1, clients.size())) {
            String answer = chunked ? unchunk(client) : client.readResponse().substring(4);
            // No assertion on the texts themselves: its message would have megabytes.
            assertThat(answer.equals(body)).isTrue();
        }
        assertThat(relay.upstream.heads()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone",
                "HTTP/1.1 204 No Content\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n"
            })
    void anyStatusIsShared(String said) throws Exception {
        occupy(say(said));
        wait(3);

        firstMayEnd.release();

        for (RawClient client : clients.subList(1, clients.size())) {
            assertThat(client.readHead()).startsWith(said.substring(0, 12));
        }
        assertThat(relay.upstream.heads()).hasSize(2);
    }

    @Test
    void aClientOfHttp10ReadsToTheEnd() throws Exception {
        occupy(say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"));
        wait(1);
        RawClient old = relay.client();
        clients.add(old.send("GET / HTTP/1.0\r\n\r\n"));
        await().atMost(LIMIT).until(() -> shared.waiting() == 2);

        firstMayEnd.release();

        assertThat(old.readToEnd()).startsWith("HTTP/1.").endsWith("\r\n\r\nok");
        assertThat(unchunk(clients.get(1))).isEqualTo("ok");
    }

    @Test
    void streamsOfHttp2ShareToo() throws Exception {
        try (RelayServer http2 = new RelayServer(HttpProtocol.H2C, shared)) {
            occupyWith(http2, say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
            HttpClient client =
                    HttpClient.newConnection()
                            .protocol(HttpProtocol.H2C)
                            .baseUrl("http://127.0.0.1:" + http2.port());
            List<String> answers = new ArrayList<>();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                threads.add(
                        Thread.ofVirtual()
                                .start(
                                        () -> {
                                            String answer =
                                                    client.get()
                                                            .uri("/")
                                                            .responseContent()
                                                            .aggregate()
                                                            .asString()
                                                            .block(LIMIT);
                                            synchronized (answers) {
                                                answers.add(String.valueOf(answer));
                                            }
                                        }));
                int count = i;
                await().atMost(LIMIT).until(() -> shared.keys() + shared.waiting() == count + 1);
            }

            firstMayEnd.release();

            for (Thread thread : threads) {
                assertThat(thread.join(LIMIT)).isTrue();
            }
            assertThat(answers).containsExactlyInAnyOrder("first", "ok", "ok", "ok");
            assertThat(http2.upstream.heads()).hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsTooLargeIsRelayedToEach(boolean chunked) throws Exception {
        int size = MOST_BYTES + 1;
        String body = pattern(size);
        occupy(
                say(
                        chunked
                                ? "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                        + Integer.toHexString(size)
                                        + "\r\n"
                                        + body
                                        + "\r\n0\r\n\r\n"
                                : "HTTP/1.1 200 OK\r\nContent-Length: "
                                        + size
                                        + "\r\n\r\n"
                                        + body));
        wait(3);

        firstMayEnd.release();

        for (RawClient client : clients.subList(1, clients.size())) {
            String answer = chunked ? unchunk(client) : client.readResponse().substring(4);
            assertThat(answer.equals(body)).isTrue();
        }
        assertThat(relay.upstream.heads()).as("one too many, and each its own").hasSize(5);
        assertThat(shared.heldBytes()).isZero();
    }

    @Test
    void thereIsABudgetForWhatSlowClientsHold() throws Exception {
        String body = pattern(MOST_BYTES);
        occupy(say("HTTP/1.1 200 OK\r\nContent-Length: " + MOST_BYTES + "\r\n\r\n" + body));
        List<RawClient> slow = List.of(slow("/"), slow("/"));
        clients.addAll(slow);
        await().atMost(LIMIT).until(() -> shared.waiting() == 2);
        firstMayEnd.release();
        await().atMost(LIMIT).until(() -> shared.heldBytes() == MOST_BYTES);
        clients.add(relay.client().get("/b"));
        await().atMost(LIMIT).until(() -> asked.size() == 2);
        List<RawClient> fast = List.of(relay.client().get("/b"), relay.client().get("/b"));
        clients.addAll(fast);
        await().atMost(LIMIT).until(() -> shared.waiting() == 2);

        firstMayEnd.release();

        for (RawClient client : fast) {
            assertThat(client.readResponse().substring(4).equals(body)).isTrue();
        }
        assertThat(shared.heldBytes()).isEqualTo(MOST_BYTES);
        assertThat(relay.upstream.heads()).as("/b: the first, one in vain, two").hasSize(2 + 4);
        for (RawClient client : slow) {
            assertThat(client.readResponse().substring(4).equals(body)).isTrue();
        }
    }

    @Test
    void aClientThatVanishesInTheMiddleHoldsNothing() throws Exception {
        String body = pattern(MOST_BYTES);
        occupy(say("HTTP/1.1 200 OK\r\nContent-Length: " + MOST_BYTES + "\r\n\r\n" + body));
        for (int i = 0; i < 3; i++) {
            clients.add(slow("/"));
        }
        await().atMost(LIMIT).until(() -> shared.waiting() == 3);
        firstMayEnd.release();
        RawClient stays = clients.get(1);
        stays.readHead();
        assertThat(shared.heldBytes()).isEqualTo(MOST_BYTES);

        clients.get(2).reset();
        clients.get(3).reset();

        assertThat(stays.read(MOST_BYTES).equals(body)).isTrue();
        await().atMost(LIMIT).until(() -> shared.heldBytes() == 0);
    }

    @Test
    void whenAllHaveGoneTheServerIsGivenUp() throws Exception {
        CountDownLatch calledForAll = new CountDownLatch(1);
        occupy(
                connection -> {
                    calledForAll.countDown();
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
                    connection.readToEnd();
                });
        wait(2);
        firstMayEnd.release();
        assertThat(calledForAll.await(10, TimeUnit.SECONDS)).isTrue();

        clients.get(1).reset();
        clients.get(2).reset();

        ScriptedConnection server = relay.upstream.connections().getLast();
        assertThat(server.awaitEnd(10)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "rubbish\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: tcp\r\nConnection: Upgrade\r\n\r\nabc"
            })
    void aServerThatFailsFailsForAll(String said) throws Exception {
        occupy(
                connection -> {
                    connection.write(said);
                    connection.close();
                });
        wait(3);

        firstMayEnd.release();

        for (RawClient client : clients.subList(1, clients.size())) {
            assertThat(client.readResponse()).startsWith("502 the server ");
        }
    }

    @Test
    void aHeadThatNoClientMayGetIsTheServersFailure() throws Exception {
        occupy(say("HTTP/1.1 200 OK\r\nX-Broken: a\u0001b\r\nContent-Length: 2\r\n\r\nok"));
        wait(3);

        firstMayEnd.release();

        for (RawClient client : clients.subList(1, clients.size())) {
            assertThat(client.readResponse()).startsWith("502 the server ");
        }
    }

    @Test
    void aServerThatIsGoneIsGoneForAll() throws Exception {
        occupy(say(""));
        wait(3);

        relay.upstream.close();
        for (RawClient client : clients.subList(1, clients.size())) {
            assertThat(client.readResponse()).startsWith("503 the server cannot");
        }
    }

    /** One client whose answer does not come before the test says so. */
    private void occupy(Reply reply) throws Exception {
        occupyWith(relay, reply);
        clients.add(relay.client().get("/"));
        await().atMost(LIMIT).until(() -> asked.size() == 1);
    }

    private void occupyWith(RelayServer server, Reply reply) {
        server.upstream.follow(
                connection -> {
                    String head = connection.readHead();
                    while (!head.isEmpty()) {
                        if (asked.add(head.substring(0, head.indexOf('\r')))) {
                            if (!firstMayEnd.tryAcquire(10, TimeUnit.SECONDS)) {
                                // A test that never lets it end.
                                return;
                            }
                            connection.write(FIRST);
                        } else {
                            reply.to(connection);
                        }
                        head = connection.readHead();
                    }
                });
    }

    private void wait(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            clients.add(relay.client().get("/"));
        }
        await().atMost(LIMIT).until(() -> shared.waiting() == count);
    }

    private RawClient slow(String target) throws IOException {
        return new RawClient(relay.port(), 8 * 1024).get(target);
    }

    private static Reply say(String text) {
        return connection -> connection.write(text);
    }

    private static String unchunk(RawClient client) throws IOException {
        assertThat(client.readHead()).containsIgnoringCase("transfer-encoding: chunked");
        StringBuilder body = new StringBuilder();
        while (true) {
            String line = client.readUntil("\r\n");
            int size = Integer.parseInt(line.strip(), 16);
            body.append(client.read(size));
            client.readUntil("\r\n");
            if (size == 0) {
                return body.toString();
            }
        }
    }

    private static String pattern(int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) ('a' + (i * 31L + i / 251) % 26);
        }
        return new String(bytes, ISO_8859_1);
    }
}
