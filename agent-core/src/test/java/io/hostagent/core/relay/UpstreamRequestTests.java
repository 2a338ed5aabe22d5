// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.hostagent.core.fixture.ScriptedServer;
import io.hostagent.core.relay.UpstreamReply.Raw;
import io.hostagent.core.relay.UpstreamReply.Whole;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

/** Requests of the agent's own on an event loop. */
@ExtendWith(NoLeaks.class)
class UpstreamRequestTests {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final ScriptedServer server = ScriptedServer.open();
    private final LoopResources loops = LoopResources.create("request-test", 1, true);
    private final EventLoop loop = loops.onServer(true).next();
    private final Upstream upstream =
            new Upstream(
                    "the server",
                    new UpstreamAddress.Unix(server.socket()),
                    Duration.ofSeconds(1),
                    8);

    @AfterEach
    void close() {
        loops.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block(LIMIT);
        server.close();
    }

    @Test
    void collectsAnAnswerAndKeepsTheConnection() {
        server.answer("HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone");

        for (int i = 0; i < 3; i++) {
            assertThat(UpstreamRequest.get(upstream, loop, "/exec/1/json", headers()).block(LIMIT))
                    .isEqualTo(new Whole(404, "none"));
        }
        assertThat(server.connections()).hasSize(1);
        assertThat(server.heads().getFirst()).startsWith("GET /exec/1/json HTTP/1.1\r\n");
    }

    @Test
    void hasSomethingDoneWithoutABody() {
        server.answer("HTTP/1.1 204 No Content\r\n\r\n");

        for (int i = 0; i < 2; i++) {
            assertThat(
                            UpstreamRequest.post(
                                            upstream, loop, "/containers/1/start", headers(), LIMIT)
                                    .block(LIMIT))
                    .isEqualTo(new Whole(204, ""));
        }
        assertThat(server.connections()).hasSize(1);
        assertThat(server.heads().getFirst())
                .startsWith("POST /containers/1/start HTTP/1.1\r\n")
                .containsIgnoringCase("content-length: 0\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n\r\n"
            })
    void handsOverAStreamWithAllThatCameWithIt(String head) throws Exception {
        server.follow(
                connection -> {
                    connection.readHead();
                    connection.read(2);
                    connection.write(head + "early ");
                    connection.write("you said " + connection.readUntil("\n"));
                });
        Received received = new Received();
        CompletableFuture<Channel> taken = new CompletableFuture<>();

        open().subscribe(reply -> taken.complete(((Raw) reply).stream().take(received)));
        Channel channel = taken.get(10, TimeUnit.SECONDS);
        channel.writeAndFlush(Unpooled.copiedBuffer("hello\n", ISO_8859_1));

        await().atMost(LIMIT).until(() -> received.text().equals("early you said hello\n"));
        channel.close();
    }

    @Test
    void closesAStreamThatNobodyTakes() throws Exception {
        server.follow(
                connection -> {
                    connection.readHead();
                    connection.read(2);
                    connection.write("HTTP/1.1 101 UPGRADED\r\n\r\n");
                    connection.readToEnd();
                });

        open().subscribe();

        await().atMost(LIMIT).until(() -> server.connections().size() == 1);
        assertThat(server.connections().getFirst().awaitEnd(10)).isTrue();
    }

    @Test
    void tellsWhatAServerRefusesAStreamWith() {
        server.follow(
                connection -> {
                    connection.readHead();
                    connection.read(2);
                    connection.write("HTTP/1.1 409 Conflict\r\nContent-Length: 2\r\n\r\nno");
                });

        assertThat(open().block(LIMIT)).isEqualTo(new Whole(409, "no"));
    }

    @Test
    void saysWhenAServerHangsUpOrIsNotThere() {
        server.follow(connection -> connection.readHead());
        assertThatExceptionOfType(UpstreamFailedException.class)
                .isThrownBy(() -> open().block(LIMIT));

        server.close();
        assertThatExceptionOfType(UpstreamUnreachableException.class)
                .isThrownBy(() -> open().block(LIMIT));
    }

    @Test
    void givesUpWithWhoAsked() throws Exception {
        server.follow(
                connection -> {
                    connection.readHead();
                    connection.readToEnd();
                });
        Disposable asked = open().subscribe();
        await().atMost(LIMIT).until(() -> server.heads().size() == 1);

        asked.dispose();

        assertThat(server.connections().getFirst().awaitEnd(10)).isTrue();
    }

    private Mono<UpstreamReply> open() {
        return UpstreamRequest.open(
                upstream, loop, "/exec/1/start", headers(), "{}".getBytes(ISO_8859_1));
    }

    private static HttpHeaders headers() {
        return new DefaultHttpHeaders().set("Host", "x");
    }

    /** Keeps what comes. */
    private static final class Received extends ChannelInboundHandlerAdapter {

        private final StringBuilder text = new StringBuilder();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof ByteBuf bytes) {
                synchronized (text) {
                    text.append(bytes.toString(ISO_8859_1));
                }
            }
            ReferenceCountUtil.release(message);
        }

        String text() {
            synchronized (text) {
                return text.toString();
            }
        }
    }
}
