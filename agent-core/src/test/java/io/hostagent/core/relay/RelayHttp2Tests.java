// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;

/** Clients that speak HTTP/2 to a server that does not. */
@ExtendWith(NoLeaks.class)
class RelayHttp2Tests {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final RelayServer relay = new RelayServer(Duration.ofSeconds(30), 8, HttpProtocol.H2C);
    private final HttpClient client =
            HttpClient.newConnection()
                    .protocol(HttpProtocol.H2C)
                    .baseUrl("http://127.0.0.1:" + relay.port());

    @AfterEach
    void close() {
        relay.close();
    }

    @Test
    void sendsABodyOfUnknownSizeInChunks() {
        echo();

        String answer =
                client.headers(headers -> headers.remove("content-length"))
                        .post()
                        .uri("/")
                        .send(ByteBufFlux.fromString(Flux.just("hel", "lo")))
                        .responseContent()
                        .aggregate()
                        .asString(UTF_8)
                        .block(LIMIT);

        assertThat(answer).isEqualTo("hello");
        assertThat(relay.upstream.heads().getFirst())
                .startsWith("POST / HTTP/1.1\r\n")
                .containsIgnoringCase("transfer-encoding: chunked")
                .doesNotContainIgnoringCase("x-http2");
    }

    @Test
    void sendsNoBodyForARequestThatHasNone() {
        relay.upstream.answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");

        assertThat(client.get().uri("/").responseContent().aggregate().asString().block(LIMIT))
                .isEqualTo("ok");
        assertThat(relay.upstream.heads().getFirst())
                .doesNotContainIgnoringCase("transfer-encoding")
                .doesNotContainIgnoringCase("content-length");
    }

    @Test
    void passesAnEmptyAnswerOn() {
        relay.upstream.answer("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");

        assertThat(
                        client.get()
                                .uri("/")
                                .responseSingle((head, body) -> Mono.just(head.status().code()))
                                .block(LIMIT))
                .isEqualTo(201);
    }

    @Test
    void resetsAStreamWhoseAnswerIsCut() {
        relay.upstream.follow(
                connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
                });

        assertThat(
                        client.get()
                                .uri("/")
                                .responseContent()
                                .aggregate()
                                .asString()
                                .map(body -> "whole: " + body)
                                .onErrorReturn("cut")
                                .block(LIMIT))
                .isEqualTo("cut");
    }

    @Test
    void givesTheServerUpWithTheStream() throws Exception {
        relay.upstream.follow(
                connection -> {
                    connection.readHead();
                    connection.write(
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n");
                    connection.readToEnd();
                });

        assertThat(client.get().uri("/").responseContent().asString().blockFirst(LIMIT))
                .isEqualTo("a");

        assertThat(relay.upstream.connections().getFirst().awaitEnd(10)).isTrue();
    }

    private void echo() {
        relay.upstream.follow(
                connection -> {
                    connection.readHead();
                    String body = connection.readUntil("0\r\n\r\n");
                    connection.write(
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body);
                });
    }
}
