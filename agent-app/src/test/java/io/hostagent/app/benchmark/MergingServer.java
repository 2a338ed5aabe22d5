// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.benchmark;

import io.hostagent.capability.proxy.list.ListRequest;
import io.hostagent.capability.proxy.list.ListShape;
import io.hostagent.capability.proxy.list.ListedNode;
import io.hostagent.capability.proxy.list.MergedLists;
import io.hostagent.core.fixture.TrustAll;
import io.hostagent.core.relay.SharedAnswers;
import io.hostagent.core.relay.Upstream;
import io.hostagent.core.relay.UpstreamAddress;
import io.hostagent.core.trust.Caller;
import io.hostagent.core.trust.Scope;
import io.hostagent.core.web.Exchange;
import io.hostagent.core.web.RequestPath;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * The merger alone, in a process of its own: {@code PORT PEERS [tls]}. It answers every request
 * with the merged list of all {@link StubPeers}, and prints the port that it listens on.
 */
final class MergingServer {

    /** A thousand handshakes of both sides take a while where all of it has two cores. */
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);

    private final List<ListedNode> nodes = new ArrayList<>();
    private final MergedLists lists = new MergedLists(new SharedAnswers());

    private MergingServer(int port, int peers, boolean tls) {
        HttpHeaders headers = new DefaultHttpHeaders().set("Host", "agent");
        SSLContext context = TrustAll.context();
        for (int peer = 0; peer < peers; peer++) {
            String host = StubPeers.address(peer);
            Supplier<SSLEngine> engine =
                    () -> {
                        SSLEngine made = context.createSSLEngine(host, port);
                        made.setUseClientMode(true);
                        return made;
                    };
            @Nullable Supplier<SSLEngine> used = tls ? engine : null;
            Upstream upstream =
                    new Upstream(
                            host,
                            new UpstreamAddress.Tcp(host, port, used, Runnable::run),
                            CONNECT_LIMIT,
                            256);
            nodes.add(
                    new ListedNode(
                            StubPeers.name(peer),
                            upstream,
                            "/containers/json?all=1",
                            headers,
                            () -> Mono.just(true)));
        }
    }

    /** Serves until it is killed. */
    public static void main(String[] arguments) {
        MergingServer merging =
                new MergingServer(
                        Integer.parseInt(arguments[0]),
                        Integer.parseInt(arguments[1]),
                        arguments.length > 2);
        DisposableServer server =
                HttpServer.create()
                        .host("127.0.0.1")
                        .port(0)
                        .childOption(
                                ChannelOption.WRITE_BUFFER_WATER_MARK,
                                new WriteBufferWaterMark(128 * 1024, 256 * 1024))
                        .handle(merging::answer)
                        .bindNow();
        System.out.println(server.port());
        server.onDispose().block();
    }

    private Mono<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        return lists.list(
                new Exchange(
                        request,
                        response,
                        new Caller("benchmark", Scope.ADMIN),
                        RequestPath.parse(request.uri()),
                        file -> {},
                        () -> {}),
                new ListRequest(ListShape.ARRAY, nodes, List.of(), failure -> {}),
                null);
    }
}
