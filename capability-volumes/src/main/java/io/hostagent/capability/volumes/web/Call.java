// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hostagent.capability.volumes.volume.SnapshotName;
import io.hostagent.capability.volumes.volume.VolumeName;
import io.hostagent.core.error.CallerException;
import io.hostagent.core.json.JsonTree;
import io.hostagent.core.relay.Relay;
import io.hostagent.core.web.ConnectionLoop;
import io.hostagent.core.web.Exchange;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

/** A request for one {@link Endpoint}, taken apart. */
final class Call {

    private static final int MOST_PARAMETERS = 16;

    /** Whoever wants to wait longer asks again. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

    private final Exchange exchange;
    private final EventLoop loop;
    private final Map<String, String> variables;
    private final Map<String, List<String>> query;

    private Call(
            Exchange exchange, Map<String, String> variables, Map<String, List<String>> query) {
        this.exchange = exchange;
        this.loop = Relay.channel(exchange.response()).eventLoop();
        this.variables = variables;
        this.query = query;
    }

    /**
     * Takes a request apart, on the event loop of its connection.
     *
     * @throws CallerException 400 for a query that the endpoint does not know
     */
    static Call of(Exchange exchange, Endpoint endpoint, Map<String, String> variables) {
        Map<String, List<String>> query;
        try {
            query =
                    new QueryStringDecoder(
                                    exchange.path().rawTarget(), UTF_8, true, MOST_PARAMETERS, true)
                            .parameters();
        } catch (IllegalArgumentException e) {
            throw CallerException.badRequest(
                    "Invalid query", "It has a '%' that is not followed by two hexadecimal digits");
        }
        query.forEach(
                (name, values) -> {
                    if (!endpoint.parameters().contains(name) || values.size() > 1) {
                        throw CallerException.badRequest(
                                "Invalid query parameter: " + name,
                                endpoint.parameters().isEmpty()
                                        ? "This call has none"
                                        : "There are, each once: "
                                                + String.join(", ", endpoint.parameters()));
                    }
                });
        return new Call(exchange, variables, query);
    }

    Exchange exchange() {
        return exchange;
    }

    HttpHeaders headers() {
        return exchange.request().requestHeaders();
    }

    /** What stands in the path for something. */
    String variable(String name) {
        return variables.getOrDefault(name, "");
    }

    /** The volume that the path names. */
    VolumeName volume() {
        return VolumeName.of(variable("name"));
    }

    /** The snapshot that the path names. */
    String snapshot() {
        return SnapshotName.of(variable("snapshot"));
    }

    Optional<String> parameter(String name) {
        return Optional.ofNullable(query.get(name)).map(List::getFirst);
    }

    /**
     * Whether something is asked for.
     *
     * @throws CallerException 400 when it is neither yes nor no
     */
    boolean flag(String name, boolean otherwise) {
        return switch (parameter(name).orElse(otherwise ? "1" : "0")) {
            case "1", "true" -> true;
            case "0", "false" -> false;
            default ->
                    throw CallerException.badRequest(
                            "Invalid query parameter: " + name, "It is 1 or 0");
        };
    }

    /** How long the caller wants to wait for the end of long work; empty: not at all. */
    Optional<Duration> patience() {
        return parameter("wait")
                .map(text -> TimeSpan.parse("query parameter: wait", text))
                .map(wait -> wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait);
    }

    /** Sends an answer. */
    Mono<Void> send(Reply reply) {
        byte @Nullable [] body = reply.json() == null ? null : JsonTree.write(reply.json());
        return ConnectionLoop.write(loop, () -> sendNow(reply, body));
    }

    private Mono<Void> sendNow(Reply reply, byte @Nullable [] body) {
        HttpServerResponse response = exchange.response().status(reply.status());
        reply.headers().forEach(response.responseHeaders()::set);
        if (body == null) {
            return response.send();
        }
        response.responseHeaders()
                .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
                .set(HttpHeaderNames.CONTENT_LENGTH, body.length);
        return response.send(Mono.just(Unpooled.wrappedBuffer(body))).then();
    }
}
