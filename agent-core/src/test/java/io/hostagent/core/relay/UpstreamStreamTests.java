// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hostagent.core.fixture.ScriptedConnection;
import io.hostagent.core.fixture.ScriptedServer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.netty.resources.LoopResources;

/** Answers that are taken piece by piece, and what is done about connections that went stale. */
@ExtendWith(NoLeaks.class)
class UpstreamStreamTests {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private final ScriptedServer server = ScriptedServer.open();
    private final LoopResources loops = LoopResources.create("stream-test", 1, true);
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
    void handsOnAnAnswerAndKeepsTheConnection() throws Exception {
        String head = "HTTP/1.1 404 Not Found\r\nX-A: b\r\nTransfer-Encoding: chunked\r\n\r\n";
        server.answer(head + "2\r\nno\r\n2\r\nne\r\n0\r\n\r\n");

        for (int i = 0; i < 3; i++) {
            Taken taken = get("/a?b=c");
            assertThat(taken.outcome()).isEqualTo("404 none");
            assertThat(taken.headers.get("X-A")).isEqualTo("b");
        }
        assertThat(server.connections()).hasSize(1);
        assertThat(server.heads().getFirst()).startsWith("GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n");
    }

    @Test
    void readsNoFasterThanItIsTaken() throws Exception {
        int size = 16 << 20;
        server.answer("HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n" + "x".repeat(size));
        Taken taken = new Taken("/");
        taken.pauseAfter = 100_000;
        taken.start();
        await().atMost(LIMIT).until(() -> taken.paused);

        ScriptedConnection connection = server.connections().getFirst();
        await().during(Duration.ofMillis(300))
                .atMost(LIMIT)
                .until(() -> taken.count.get() < 1 << 20 && connection.written() < 2 << 20);
        loop.execute(taken.stream::resume);

        taken.end.get(10, TimeUnit.SECONDS);
        assertThat(taken.count.get()).isEqualTo(size);
    }

    @Test
    void readsNothingWhileItIsPausedFromTheStart() throws Exception {
        server.answer(OK);
        Taken taken = new Taken("/");
        loop.execute(taken.stream::pause);
        taken.start();
        await().atMost(LIMIT).until(() -> server.heads().size() == 1);
        await().during(Duration.ofMillis(200)).atMost(LIMIT).until(() -> taken.status == 0);

        loop.execute(taken.stream::resume);

        assertThat(taken.outcome()).isEqualTo("200 ok");
        assertThat(get("/").outcome()).isEqualTo("200 ok");
    }

    @Test
    void endsTheConnectionWhenItIsGivenUp() throws Exception {
        server.follow(
                connection -> {
                    connection.readHead();
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
                    connection.readToEnd();
                });
        Taken taken = new Taken("/").start();
        await().atMost(LIMIT).until(() -> taken.count.get() == 4);

        loop.execute(taken.stream::abort);

        assertThat(server.connections().getFirst().awaitEnd(10)).isTrue();
        assertThat(taken.end).isNotDone();
    }

    @Test
    void asksOnceMoreWhenAnIdleConnectionWentAway() throws Exception {
        serveOnce("");
        assertThat(get("/1").outcome()).isEqualTo("200 ok");

        assertThat(get("/2").outcome()).isEqualTo("200 ok");

        assertThat(targets()).containsExactly("/1", "/2", "/2");
    }

    @Test
    void asksNoThirdTime() throws Exception {
        server.follow(
                connection -> {
                    connection.readHead();
                    if (server.connections().size() == 1) {
                        connection.write(OK);
                        connection.readHead();
                    }
                });
        assertThat(get("/1").outcome()).isEqualTo("200 ok");

        assertThat(get("/2").outcome()).isEqualTo("the server closed the connection in the middle");

        assertThat(targets()).containsExactly("/1", "/2", "/2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "H",
                "HTTP/1.1 100 Continue\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"
            })
    void asksNotAgainWhenAByteOfAnAnswerCame(String half) throws Exception {
        serveOnce(half);
        assertThat(get("/1").outcome()).isEqualTo("200 ok");

        assertThat(get("/2").outcome()).startsWith("the server ");

        assertThat(targets()).containsExactly("/1", "/2");
    }

    @Test
    void asksNotAgainOnAConnectionThatWasNew() throws Exception {
        server.follow(ScriptedConnection::readHead);

        assertThat(get("/1").outcome()).isEqualTo("the server closed the connection in the middle");

        assertThat(targets()).containsExactly("/1");
    }

    @Test
    void tellsThatThereIsNoServer() throws Exception {
        server.close();

        assertThat(get("/").outcome()).startsWith("the server cannot be reached: ");
    }

    @Test
    void takesNoOtherProtocol() throws Exception {
        server.answer("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n");

        assertThat(get("/").outcome()).isEqualTo("the server switched protocols unasked");
    }

    /** The first connection is good for one answer, and then for this much of another. */
    private void serveOnce(String rest) {
        server.follow(
                connection -> {
                    while (!connection.readHead().isEmpty()) {
                        if (server.connections().size() == 1 && connection.heads().size() == 2) {
                            connection.write(rest);
                            return;
                        }
                        connection.write(OK);
                    }
                });
    }

    private List<String> targets() {
        return server.heads().stream().map(head -> head.split(" ", 3)[1]).toList();
    }

    private Taken get(String target) throws Exception {
        Taken taken = new Taken(target).start();
        taken.end.get(10, TimeUnit.SECONDS);
        return taken;
    }

    /** What came, in the hands of one that reads as the test says. */
    private final class Taken implements UpstreamStream.Receiver {

        private final List<String> pieces = new ArrayList<>();
        private final AtomicLong count = new AtomicLong();
        private final CompletableFuture<@Nullable RuntimeException> end = new CompletableFuture<>();
        private final UpstreamStream stream;
        private HttpHeaders headers = new DefaultHttpHeaders();
        private long pauseAfter = Long.MAX_VALUE;
        private volatile boolean paused;
        private volatile int status;

        Taken(String target) {
            HttpHeaders sent = new DefaultHttpHeaders().set("Host", "x");
            stream = new UpstreamStream(upstream, loop, target, sent, this);
        }

        Taken start() {
            loop.execute(stream::start);
            return this;
        }

        String outcome() throws Exception {
            RuntimeException failure = end.get(10, TimeUnit.SECONDS);
            return failure == null
                    ? status + " " + String.join("", pieces)
                    : String.valueOf(failure.getMessage());
        }

        @Override
        public void onHead(int code, HttpHeaders found) {
            status = code;
            headers = found;
        }

        @Override
        public void onPiece(ByteBuf piece) {
            count.addAndGet(piece.readableBytes());
            if (piece.readableBytes() < 100) {
                pieces.add(piece.toString(ISO_8859_1));
            }
            piece.release();
            if (count.get() > pauseAfter && !paused) {
                paused = true;
                stream.pause();
            }
        }

        @Override
        public void onEnd() {
            end.complete(null);
        }

        @Override
        public void onFailure(RuntimeException cause) {
            end.complete(cause);
        }
    }
}
