// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.list;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.core.error.AgentException;
import io.hostagent.core.fixture.ScriptedServer;
import io.hostagent.core.relay.HeldBytes;
import io.hostagent.core.relay.RawClient;
import io.hostagent.core.relay.SharedAnswers;
import io.hostagent.core.relay.SilenceWatch;
import io.hostagent.core.relay.Upstream;
import io.hostagent.core.relay.UpstreamAddress;
import io.hostagent.core.trust.Caller;
import io.hostagent.core.trust.Scope;
import io.hostagent.core.web.Exchange;
import io.hostagent.core.web.RequestPath;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

/** A real HTTP server in front of nodes that say, byte by byte, what a test tells them to. */
final class StubCluster implements AutoCloseable {

    static final Duration LIMIT = Duration.ofSeconds(20);

    private static final SilenceWatch.Patience PATIENCE =
            new SilenceWatch.Patience(
                    Duration.ofMillis(100),
                    Duration.ofMillis(100),
                    Duration.ofMillis(300),
                    Duration.ofSeconds(2));

    /** Nobody loses patience, so that a test knows who waits. */
    final SharedAnswers shared = new SharedAnswers(4 << 20, 32 << 20, LIMIT, Duration.ofSeconds(1));

    final HeldBytes budget;
    final List<NodeFailure> failures = new CopyOnWriteArrayList<>();
    final List<String> absent = new CopyOnWriteArrayList<>();
    volatile ListShape shape = ListShape.ARRAY;

    /** Whether requests of the same target share their answers. */
    volatile boolean sharing;

    /** A node, and what is said of it while it is silent. */
    private record Stub(ScriptedServer server, Upstream upstream, Mono<Boolean> alive) {}

    private final ConcurrentSkipListMap<String, Stub> stubs = new ConcurrentSkipListMap<>();
    private final List<RawClient> clients = new ArrayList<>();
    private final MergedLists lists;
    private final LoopResources loops = LoopResources.create("merge-test", 2, true);
    private final DisposableServer server;

    StubCluster() {
        this(HttpProtocol.HTTP11, 8 << 20);
    }

    StubCluster(HttpProtocol protocol, long heldBytes) {
        budget = new HeldBytes(heldBytes);
        lists = new MergedLists(shared, budget, PATIENCE);
        server =
                HttpServer.create()
                        .port(0)
                        .host("127.0.0.1")
                        .runOn(loops)
                        .protocol(protocol)
                        .childOption(
                                ChannelOption.WRITE_BUFFER_WATER_MARK,
                                new WriteBufferWaterMark(128 * 1024, 256 * 1024))
                        .handle(this::handle)
                        .bindNow();
    }

    /** A node that answers every request with this list, or another text. */
    ScriptedServer node(String name, String json) {
        ScriptedServer stub = node(name);
        stub.answer(ok(json));
        return stub;
    }

    /** A node that answers nothing yet. */
    ScriptedServer node(String name) {
        return node(name, Mono.just(true));
    }

    /** A node that answers nothing yet, and of which this is said while it is silent. */
    ScriptedServer node(String name, Mono<Boolean> alive) {
        ScriptedServer stub = ScriptedServer.open();
        Upstream upstream =
                new Upstream(
                        "the agent on " + name,
                        new UpstreamAddress.Unix(stub.socket()),
                        Duration.ofSeconds(1),
                        1_000);
        stubs.put(name, new Stub(stub, upstream, alive));
        return stub;
    }

    /** A node that is reached in a way of the test's own. */
    void node(String name, Upstream upstream) {
        stubs.put(name, new Stub(ScriptedServer.open(), upstream, Mono.just(true)));
    }

    /** A list of so many containers, each with the size that an engine's has, and known IDs. */
    static String containers(String node, int count) {
        StringBuilder json = new StringBuilder(count * 1_200 + 2).append('[');
        String filling = "x".repeat(1_000);
        for (int i = 0; i < count; i++) {
            json.append(i == 0 ? "" : ",")
                    .append("{\"Id\":\"%s-%d\",\"Size\":9007199254740993,".formatted(node, i))
                    .append("\"Labels\":{\"a\":\"" + filling + "\"}}");
        }
        return json.append("]\n").toString();
    }

    static String ok(String json) {
        return response(200, json);
    }

    static String response(int status, String json) {
        return "HTTP/1.1 "
                + status
                + " Whatever\r\nContent-Type: application/json\r\nApi-Version: 1.41\r\n"
                + "Server: Docker\r\nContent-Length: "
                + json.length()
                + "\r\n\r\n"
                + json;
    }

    int port() {
        return server.port();
    }

    RawClient client() throws IOException {
        return client(0);
    }

    RawClient client(int receiveBuffer) throws IOException {
        RawClient client = new RawClient(port(), receiveBuffer);
        clients.add(client);
        return client;
    }

    /** What a client of HTTP/1.1 gets. */
    MergedAnswer get(String target) throws IOException {
        return MergedAnswer.read(client().get(target));
    }

    /** Exactly this node had no list. */
    void assertMissing(String name, NodeFailure.Kind kind) {
        assertThat(failures)
                .singleElement()
                .satisfies(
                        failure -> {
                            assertThat(failure.nodeName()).isEqualTo(name);
                            assertThat(failure.kind()).isEqualTo(kind);
                        });
    }

    private Mono<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        List<ListedNode> nodes = new ArrayList<>();
        // Backwards: the order is the merger's business.
        stubs.descendingMap()
                .forEach(
                        (name, stub) ->
                                nodes.add(
                                        new ListedNode(
                                                name,
                                                stub.upstream(),
                                                request.uri(),
                                                new DefaultHttpHeaders()
                                                        .set(HttpHeaderNames.HOST, name),
                                                stub::alive)));
        Exchange exchange =
                new Exchange(
                        request,
                        response,
                        new Caller("test", Scope.ADMIN),
                        RequestPath.parse(request.uri()),
                        file -> {},
                        () -> {});
        @Nullable String key = sharing ? request.uri() : null;
        return lists.list(exchange, new ListRequest(shape, nodes, absent, failures::add), key)
                .onErrorResume(AgentException.class, e -> refuse(response, e));
    }

    private static Mono<Void> refuse(HttpServerResponse response, AgentException cause) {
        byte[] body = cause.error().json();
        return response.status(cause.status())
                .header(HttpHeaderNames.CONTENT_LENGTH, String.valueOf(body.length))
                .send(Mono.just(Unpooled.wrappedBuffer(body)))
                .then();
    }

    @Override
    public void close() throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
        server.disposeNow();
        loops.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block(LIMIT);
        stubs.values().forEach(stub -> stub.server().close());
    }
}
