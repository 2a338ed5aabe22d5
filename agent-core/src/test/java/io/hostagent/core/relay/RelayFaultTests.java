// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.netty.http.HttpProtocol;

/** What a client sees of a server that does not behave. */
@ExtendWith(NoLeaks.class)
class RelayFaultTests {

    private final RelayServer relay = new RelayServer();

    @AfterEach
    void close() {
        relay.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 200 OK\r\nContent-Le",
                "rubbish\r\n\r\n",
                "\u0000\u0001\u0002\u0003\r\n\r\n",
                "HTTP/1.1\r\n\r\n",
                "HTTP/1.1 abc OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc",
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: tcp\r\nConnection: Upgrade\r\n\r\nabc"
            })
    void answers502ForWhatIsNoAnswer(String said) throws Exception {
        relay.upstream.follow(
                connection -> {
                    connection.readHead();
                    connection.write(said);
                });

        try (RawClient client = relay.client()) {
            assertThat(client.get("/").readResponse()).startsWith("502 the server ");
            // The client's connection is none the worse for it.
            relay.upstream.answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            assertThat(client.get("/").readResponse()).isEqualTo("200 ok");
        }
    }

    @Test
    void answers502ForAHeadThatNeverEnds() throws Exception {
        relay.upstream.follow(
                connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 200 OK\r\n");
                    for (int i = 0; i < 10_000; i++) {
                        connection.write("X-%d: %s\r\n".formatted(i, "y".repeat(1_000)));
                    }
                });

        try (RawClient client = relay.client()) {
            assertThat(client.get("/").readResponse()).startsWith("502 ");
        }
        assertThat(relay.upstream.connections().getFirst().written()).isLessThan(4_000_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {60_000, 100_000, 140_000, 300_000})
    void passesAHugeHeaderOn(int size) throws Exception {
        String value = "y".repeat(size);
        relay.upstream.answer(
                "HTTP/1.1 200 OK\r\nX-Huge: " + value + "\r\nContent-Length: 0\r\n\r\n");

        try (RawClient client = relay.client()) {
            assertThat(client.get("/").readHead()).contains(value);
        }
    }

    @Test
    void answers503WhenNobodyListens() throws Exception {
        relay.upstream.close();

        try (RawClient client = relay.client()) {
            assertThat(client.get("/").readResponse()).startsWith("503 the server cannot");
        }
    }

    @Test
    void answers503ForMoreConnectionsThanAllowed() throws Exception {
        relay.close();
        try (RelayServer small = new RelayServer(Duration.ofSeconds(30), 1, HttpProtocol.HTTP11);
                RawClient first = small.client();
                RawClient second = small.client()) {
            small.upstream.follow(
                    connection -> {
                        connection.readHead();
                        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab");
                        connection.readToEnd();
                    });
            first.get("/").readUntil("ab");

            assertThat(second.get("/").readResponse()).startsWith("503 the server already has 1");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            })
    void neverMakesHalfABodyLookWhole(String said) throws Exception {
        relay.upstream.follow(
                connection -> {
                    connection.readHead();
                    connection.write(said);
                });

        try (RawClient client = relay.client()) {
            String seen = client.get("/").readToEnd();

            // The head itself may still have been on its way.
            assertThat(seen).matches("(?s)(HTTP/1.1 200 OK\r\n.*)?").doesNotEndWith("\n0\r\n\r\n");
            if (seen.contains("content-length: 10")) {
                assertThat(seen.substring(seen.indexOf("\r\n\r\n") + 4)).hasSizeLessThan(10);
            }
        }
    }

    @Test
    void endsABodyWithTheConnectionWhenTheServerDoes() throws Exception {
        relay.upstream.follow(
                connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 200 OK\r\n\r\nhello");
                });

        try (RawClient client = relay.client()) {
            assertThat(client.get("/").readResponse())
                    .startsWith("200 ")
                    .contains("hello")
                    .endsWith("0\r\n\r\n");
        }
    }

    @Test
    void passesOverInterimResponses() throws Exception {
        relay.upstream.answer(
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
                        + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");

        try (RawClient client = relay.client()) {
            assertThat(client.get("/").readResponse()).isEqualTo("200 ok");
            assertThat(client.get("/").readResponse()).isEqualTo("200 ok");
        }
        assertThat(relay.upstream.connections()).hasSize(1);
    }

    @Test
    void usesNoConnectionAgainThatSaidTooMuch() throws Exception {
        relay.upstream.answer(
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
                        + "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwrong");

        try (RawClient client = relay.client()) {
            // In one packet, so that the second is served while the first still is.
            client.send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(client.readResponse()).isEqualTo("200 ok");
            assertThat(client.readResponse()).isEqualTo("200 ok");
            assertThat(client.get("/3").readResponse()).isEqualTo("200 ok");
        }
        assertThat(relay.upstream.connections()).hasSize(3);
    }
}
