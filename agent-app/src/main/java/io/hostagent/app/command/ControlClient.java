// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.command;

import io.hostagent.core.json.JsonException;
import io.hostagent.core.json.JsonTree;
import io.netty.buffer.Unpooled;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;

/** Calls a running agent over its socket. */
final class ControlClient {

    /** Parts of a stream that may wait in memory. */
    private static final int PARTS = 4;

    private final HttpClient http;

    /** An answer that is no error. */
    record Answer(int status, @Nullable Object json) {}

    /** Takes a stream as it comes. */
    @FunctionalInterface
    interface Sink {

        /** Takes the next part. */
        void accept(byte[] part) throws IOException;
    }

    /**
     * Prepares calls.
     *
     * @param socket that the agent listens on
     */
    ControlClient(Path socket) {
        http =
                HttpClient.newConnection()
                        .remoteAddress(() -> new DomainSocketAddress(socket.toFile()))
                        .headers(headers -> headers.set(HttpHeaderNames.ACCEPT, "*/*"));
    }

    /**
     * Makes a call.
     *
     * @param body as JSON; {@code null} for none
     * @throws IOException when the agent cannot be reached, or says why it cannot do that
     */
    Answer call(String method, String target, @Nullable Object body) throws IOException {
        HttpClient prepared =
                body == null
                        ? http
                        : http.headers(
                                headers ->
                                        headers.set(
                                                HttpHeaderNames.CONTENT_TYPE, "application/json"));
        Mono<Answer> answer =
                prepared.request(HttpMethod.valueOf(method))
                        .uri(target)
                        .send(
                                body == null
                                        ? Mono.empty()
                                        : Mono.fromSupplier(
                                                () -> Unpooled.wrappedBuffer(JsonTree.write(body))))
                        .responseSingle(
                                (head, bytes) ->
                                        bytes.asByteArray()
                                                .defaultIfEmpty(new byte[0])
                                                .map(all -> answer(head.status().code(), all)));
        try {
            return answer.toFuture().get();
        } catch (ExecutionException e) {
            throw told(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /**
     * Makes a call whose answer is a stream, and takes it no faster than it is used.
     *
     * @throws IOException as {@link #call} does, and when the stream is cut
     */
    void stream(String target, Sink sink) throws IOException {
        Flux<byte[]> parts = http.get().uri(target).response(ControlClient::parts);
        try (Stream<byte[]> all = parts.toStream(PARTS)) {
            for (byte[] part : (Iterable<byte[]>) all::iterator) {
                sink.accept(part);
            }
        } catch (RuntimeException e) {
            throw told(Exceptions.unwrap(e));
        }
    }

    private static Flux<byte[]> parts(HttpClientResponse head, ByteBufFlux body) {
        int status = head.status().code();
        return status == 200
                ? body.asByteArray()
                : body.aggregate()
                        .asByteArray()
                        .defaultIfEmpty(new byte[0])
                        .map(
                                all -> {
                                    answer(status, all);
                                    throw new IllegalStateException("the status is " + status);
                                })
                        .flux()
                        .cast(byte[].class);
    }

    private static Answer answer(int status, byte[] body) {
        Object json;
        try {
            json = body.length == 0 ? null : JsonTree.read(body);
        } catch (JsonException e) {
            throw Exceptions.propagate(new IOException("the answer is no JSON: " + e.getMessage()));
        }
        if (status >= 400) {
            throw Exceptions.propagate(failure(json, status));
        }
        return new Answer(status, json);
    }

    /** What an error of the agent says. */
    static IOException failure(@Nullable Object error, long status) {
        String message = JsonTree.text(error, "message");
        String details = JsonTree.text(error, "details");
        return new IOException(
                message == null ? "the agent answered with " + status : message + ": " + details);
    }

    private static IOException told(@Nullable Throwable failure) {
        Throwable cause = failure == null ? null : Exceptions.unwrap(failure);
        return cause instanceof IOException known
                ? known
                : new IOException("the agent does not answer: " + cause, cause);
    }
}
