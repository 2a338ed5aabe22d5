// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.ssl.SslContext;
import java.io.Closeable;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Many agents that know nothing but the list of their node's containers: one port, and for each an
 * address of the loopback network.
 */
final class StubPeers implements Closeable {

    private static final int PER_BLOCK = 250;

    private final byte[][] lists;
    private final DisposableServer server;

    private StubPeers(byte[][] lists, @Nullable SslContext tls) {
        this.lists = lists;
        HttpServer plain = HttpServer.create().host("0.0.0.0").port(0).handle(this::answer);
        HttpServer all = tls == null ? plain : plain.secure(spec -> spec.sslContext(tls));
        server = all.bindNow();
    }

    /** {@code tls} is {@code null} for peers that speak plain text. */
    static StubPeers start(int peers, int containers, @Nullable SslContext tls) {
        byte[][] lists = new byte[peers][];
        for (int peer = 0; peer < peers; peer++) {
            StringBuilder json = new StringBuilder("[");
            for (int i = 0; i < containers; i++) {
                json.append(i == 0 ? "" : ",").append(container(peer, i));
            }
            lists[peer] = json.append("]\n").toString().getBytes(UTF_8);
        }
        return new StubPeers(lists, tls);
    }

    int port() {
        return server.port();
    }

    /** What all of them have to say, in bytes, without the brackets and the line end of each. */
    long bytes() {
        long sum = 0;
        for (byte[] list : lists) {
            sum += list.length - 3;
        }
        return sum;
    }

    /** Where a peer listens. */
    static String address(int peer) {
        return "127.1." + peer / PER_BLOCK + "." + (peer % PER_BLOCK + 1);
    }

    private Mono<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        InetSocketAddress asked = Objects.requireNonNull(request.hostAddress());
        byte[] address = asked.getAddress().getAddress();
        int peer = address[2] * PER_BLOCK + (address[3] & 0xff) - 1;
        byte[] body =
                switch (request.uri()) {
                    case "/v2/identity" -> identity(peer);
                    case "/v2/health/live" -> "{}".getBytes(UTF_8);
                    default -> lists[peer];
                };
        return response.header(HttpHeaderNames.CONTENT_TYPE, "application/json")
                .header(HttpHeaderNames.CONTENT_LENGTH, String.valueOf(body.length))
                .send(Mono.just(Unpooled.wrappedBuffer(body)))
                .then();
    }

    /** What a peer's node is called. */
    static String name(int peer) {
        return "node%04d".formatted(peer);
    }

    private static byte[] identity(int peer) {
        return """
        {"nodeName":"%1$s","nodeId":"id-%1$s","swarm":false,"nodeRole":"worker","port":9001,\
        "capabilities":["proxy"],"version":"0","instance":"instance-%1$s","started":1}"""
                .formatted(name(peer))
                .getBytes(UTF_8);
    }

    /** As an engine describes a task of a Swarm, 1.2 kB. */
    private static String container(int peer, int number) {
        String id = "%08x".formatted(peer * 1_000 + number).repeat(8);
        return """
        {"Id":"%1$s","Names":["/shop_web.%2$d.k3v9x1c5q7w2e8r4t6y0u"],\
        "Image":"registry.example.com/shop/web:1.42.7@sha256:%1$s","ImageID":"sha256:%1$s",\
        "Command":"/docker-entrypoint.sh nginx -g 'daemon off;'","Created":1795224356,\
        "Ports":[{"IP":"0.0.0.0","PrivatePort":80,"PublicPort":8080,"Type":"tcp"},\
        {"PrivatePort":443,"Type":"tcp"}],"Labels":{"com.docker.stack.namespace":"shop",\
        "com.docker.swarm.node.id":"qf2h1v8c0m3x5z7b9n4k6j2d1","com.docker.swarm.service.id":\
        "w8e4r6t2y0u1i3o5p7a9s4d6f","com.docker.swarm.service.name":"shop_web",\
        "com.docker.swarm.task":"","com.docker.swarm.task.id":"k3v9x1c5q7w2e8r4t6y0u",\
        "com.docker.swarm.task.name":"shop_web.%2$d.k3v9x1c5q7w2e8r4t6y0u"},"State":"running",\
        "Status":"Up 3 days (healthy)","HostConfig":{"NetworkMode":"default"},"NetworkSettings":\
        {"Networks":{"shop_default":{"IPAMConfig":{"IPv4Address":"10.0.1.17"},"Links":null,\
        "Aliases":null,"NetworkID":"m4x6z8b0n2k3j5d7q9f1h2v4c","EndpointID":"%1$s",\
        "Gateway":"","IPAddress":"10.0.1.17","IPPrefixLen":24,"IPv6Gateway":"",\
        "GlobalIPv6Address":"","GlobalIPv6PrefixLen":0,"MacAddress":"02:42:0a:00:01:11",\
        "DriverOpts":null}}},"Mounts":[]}"""
                .formatted(id, number);
    }

    @Override
    public void close() {
        server.disposeNow();
    }
}
