// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.netty.http.HttpProtocol;

/** When connections are used again, cut and given up. */
@ExtendWith(NoLeaks.class)
class RelayConnectionTests {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private final RelayServer relay =
            new RelayServer(Duration.ofMillis(300), 8, HttpProtocol.HTTP11);

    @AfterEach
    void close() {
        relay.close();
    }

    @Test
    void usesAConnectionAgainAndClosesItAfterAWhile() throws Exception {
        relay.upstream.answer(OK);

        try (RawClient client = relay.client()) {
            for (int i = 0; i < 5; i++) {
                assertThat(client.get("/").readResponse()).isEqualTo("200 ok");
            }
            assertThat(relay.upstream.connections()).hasSize(1);
            assertThat(relay.upstream.connections().getFirst().awaitEnd(10)).isTrue();

            assertThat(client.get("/").readResponse()).isEqualTo("200 ok");
        }
        assertThat(relay.upstream.connections()).hasSize(2);
    }

    @Test
    void usesNoConnectionThatTheServerClosed() throws Exception {
        relay.upstream.follow(
                connection -> {
                    connection.readHead();
                    connection.write(OK);
                });

        try (RawClient client = relay.client()) {
            for (int i = 0; i < 5; i++) {
                assertThat(client.get("/").readResponse()).isEqualTo("200 ok");
                assertThat(relay.upstream.connections().get(i).awaitEnd(10)).isTrue();
            }
        }
    }

    /** The server reads the second request on its first connection and hangs up without a word. */
    @Test
    void asksAgainWhatAConnectionThatWasUsedBeforeDidNotAnswer() throws Exception {
        relay.upstream.follow(
                connection -> {
                    connection.readHead();
                    connection.write(OK);
                    connection.readHead();
                });

        try (RawClient client = relay.client()) {
            for (int i = 0; i < 5; i++) {
                assertThat(client.get("/").readResponse()).isEqualTo("200 ok");
            }
        }
        assertThat(relay.upstream.connections()).hasSize(5);
    }

    @Test
    void asksNothingAgainThatMayHaveChangedSomething() throws Exception {
        relay.upstream.follow(
                connection -> {
                    connection.readHead();
                    connection.write(OK);
                    connection.readHead();
                });

        try (RawClient client = relay.client()) {
            assertThat(client.get("/").readResponse()).isEqualTo("200 ok");
            client.send("DELETE /x HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(client.readResponse()).startsWith("5");
        }
        assertThat(relay.upstream.connections()).hasSize(1);
    }

    @Test
    void asksNothingAgainOfWhichSomethingCame() throws Exception {
        relay.upstream.follow(
                connection -> {
                    connection.readHead();
                    connection.write(OK);
                    connection.readHead();
                    connection.write("HTTP/1.1 200 O");
                });

        try (RawClient client = relay.client()) {
            assertThat(client.get("/").readResponse()).isEqualTo("200 ok");
            assertThat(client.get("/").readResponse()).startsWith("5");
        }
        assertThat(relay.upstream.connections()).hasSize(1);
    }

    @Test
    void usesNoConnectionThatTheServerWantsClosed() throws Exception {
        relay.upstream.answer(
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");

        try (RawClient client = relay.client()) {
            assertThat(client.get("/").readResponse()).isEqualTo("200 ok");
            assertThat(client.get("/").readResponse()).isEqualTo("200 ok");
        }
        assertThat(relay.upstream.connections()).hasSize(2);
    }

    @Test
    void answersPipelinedRequestsInTheirOrder() throws Exception {
        relay.upstream.follow(
                connection -> {
                    for (String head = connection.readHead();
                            !head.isEmpty();
                            head = connection.readHead()) {
                        String path = head.substring(4, 6);
                        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n" + path);
                    }
                });

        try (RawClient client = relay.client()) {
            StringBuilder requests = new StringBuilder();
            for (int i = 0; i < 10; i++) {
                requests.append("GET /").append(i).append(" HTTP/1.1\r\nHost: x\r\n\r\n");
            }
            client.send(requests.toString());
            for (int i = 0; i < 10; i++) {
                assertThat(client.readResponse()).isEqualTo("200 /" + i);
            }
        }
    }

    /** The engine says so after it tagged an image or connected a network. */
    @Test
    void passesOnAnAnswerWithAnEmptyBody() throws Exception {
        relay.upstream.answer("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");

        try (RawClient client = relay.client()) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.send("POST / HTTP/1.1\r\nHost: x\r\n\r\n").readResponse())
                        .isEqualTo("201 ");
            }
        }
        assertThat(relay.upstream.connections()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HEAD|HTTP/1.1 200 OK\r\nContent-Length: 12345\r\n\r\n",
                "HEAD|HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                "GET|HTTP/1.1 204 No Content\r\n\r\n",
                "GET|HTTP/1.1 304 Not Modified\r\nContent-Length: 12345\r\n\r\n"
            })
    void sendsNoBodyWhereNoneMayBe(String methodAndAnswer) throws Exception {
        String method = methodAndAnswer.substring(0, methodAndAnswer.indexOf('|'));
        String answer = methodAndAnswer.substring(method.length() + 1);
        relay.upstream.answer(answer);

        try (RawClient client = relay.client()) {
            for (int i = 0; i < 3; i++) {
                client.send(method + " / HTTP/1.1\r\nHost: x\r\n\r\n");
                String head = client.readHead();
                assertThat(head).startsWith(answer.substring(0, 12));
                assertThat(head.toLowerCase(Locale.ROOT).contains("content-length: 12345"))
                        .isEqualTo(answer.contains("12345"));
                assertThat(head.toLowerCase(Locale.ROOT)).doesNotContain("content-length: 0");
            }
        }
        assertThat(relay.upstream.connections()).hasSize(1);
    }

    @Test
    void endsTheConnectionOfAnOldClientWithTheBody() throws Exception {
        relay.upstream.answer(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");

        try (RawClient client = relay.client()) {
            String seen = client.send("GET / HTTP/1.0\r\n\r\n").readToEnd();

            assertThat(seen).endsWith("\r\n\r\nhello");
            assertThat(seen.toLowerCase(Locale.ROOT)).doesNotContain("transfer-encoding");
        }
    }

    @Test
    void keepsTheConnectionOfAnOldClientThatAsksForIt() throws Exception {
        relay.upstream.answer(OK);

        try (RawClient client = relay.client()) {
            for (int i = 0; i < 2; i++) {
                client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
                assertThat(client.readResponse()).isEqualTo("200 ok");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 200 OK\r\nContent-Le",
                "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"
            })
    void givesTheServerUpWhenTheClientIsGone(String soFar) throws Exception {
        relay.upstream.follow(
                connection -> {
                    connection.readHead();
                    connection.write(soFar);
                    connection.readToEnd();
                });
        RawClient client = relay.client();
        client.get("/");
        await().atMost(LIMIT).until(() -> relay.upstream.heads().size() == 1);
        if (soFar.endsWith("hello")) {
            client.readUntil("hello");
        }

        client.reset();

        assertThat(relay.upstream.connections().getFirst().awaitEnd(10)).isTrue();
    }

    @Test
    void givesTheServerUpWhenTheClientLeavesInTheMiddleOfABody() throws Exception {
        relay.upstream.follow(
                connection -> {
                    connection.readUntil("hello");
                    connection.readToEnd();
                });
        RawClient client = relay.client();
        client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhello");
        await().atMost(LIMIT)
                .until(
                        () ->
                                !relay.upstream.connections().isEmpty()
                                        && relay.upstream.connections().getFirst().received() > 0);

        client.close();

        assertThat(relay.upstream.connections().getFirst().awaitEnd(10)).isTrue();
    }
}
