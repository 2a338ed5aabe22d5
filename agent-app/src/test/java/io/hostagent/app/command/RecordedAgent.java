// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.Unpooled;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** A socket that answers as an agent would, with what a test has recorded. */
final class RecordedAgent implements AutoCloseable {

    /** An answer. A body that is cut ends without its end. */
    private record Recorded(int status, String body, boolean cut) {}

    private final Map<String, Deque<Recorded>> answers = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final DisposableServer server;

    RecordedAgent(Path socket) {
        server =
                HttpServer.create()
                        .bindAddress(() -> new DomainSocketAddress(socket.toFile()))
                        .handle(this::answer)
                        .bindNow();
    }

    /** Records an answer. The last one for a call is given again and again. */
    RecordedAgent on(String call, int status, String body) {
        answers.computeIfAbsent(call, none -> new ArrayDeque<>())
                .addLast(new Recorded(status, body, false));
        return this;
    }

    /** Records an answer that breaks off. */
    void cutOn(String call, String body) {
        answers.computeIfAbsent(call, none -> new ArrayDeque<>())
                .addLast(new Recorded(200, body, true));
    }

    /** What was asked: method, target and body. */
    List<String> asked() {
        return asked;
    }

    private Mono<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        String call = request.method() + " " + request.uri();
        return request.receive()
                .aggregate()
                .asString()
                .defaultIfEmpty("")
                .flatMap(
                        body -> {
                            asked.add((call + " " + body).strip());
                            return send(next(call), response);
                        });
    }

    private synchronized Recorded next(String call) {
        Deque<Recorded> recorded =
                answers.getOrDefault(
                        call,
                        new ArrayDeque<>(
                                List.of(new Recorded(500, "{\"message\":\"unexpected\"}", false))));
        return recorded.size() > 1 ? recorded.removeFirst() : recorded.getFirst();
    }

    private static Mono<Void> send(Recorded recorded, HttpServerResponse response) {
        response.status(recorded.status());
        Flux<String> parts = Flux.just(recorded.body());
        if (recorded.cut()) {
            return response.sendString(
                            parts.concatWith(Mono.error(new IllegalStateException("cut"))), UTF_8)
                    .then();
        }
        return recorded.body().isEmpty()
                ? response.send()
                : response.send(Mono.just(Unpooled.wrappedBuffer(recorded.body().getBytes(UTF_8))))
                        .then();
    }

    @Override
    public void close() {
        server.disposeNow();
    }
}
