// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hostagent.core.error.EngineException;
import io.hostagent.core.json.JsonException;
import io.hostagent.core.json.JsonTree;
import io.hostagent.core.relay.Upstream;
import io.hostagent.core.relay.UpstreamFailedException;
import io.hostagent.core.relay.UpstreamReply;
import io.hostagent.core.relay.UpstreamRequest;
import io.hostagent.core.relay.UpstreamUnreachableException;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Small calls to this host's engine. Each has a limit: an engine that starts takes connections and
 * does not answer. All of them error with an {@link EngineException}.
 */
public final class EngineApi {

    private final Upstream engine;
    private final Supplier<EventLoop> loops;

    /**
     * Calls an engine.
     *
     * @param loops of native epoll, on which answers are read
     */
    public EngineApi(Upstream engine, Supplier<EventLoop> loops) {
        this.engine = engine;
        this.loops = loops;
    }

    /** What the engine has at a path, as {@link JsonTree} reads it. */
    Mono<Object> get(String target, Duration limit) {
        return UpstreamRequest.get(engine, loops.get(), target, headers(), limit)
                .map(reply -> read(good(reply)))
                .onErrorMap(EngineApi::translated);
    }

    /** Has something done. */
    Mono<Void> post(String target, Duration limit) {
        return UpstreamRequest.post(engine, loops.get(), target, headers(), limit)
                .map(EngineApi::good)
                .onErrorMap(EngineApi::translated)
                .then();
    }

    /** A path with a filter. */
    static String filtered(String path, Map<String, List<String>> filters) {
        String json = new String(JsonTree.write(filters), UTF_8);
        return path + "filters=" + URLEncoder.encode(json, UTF_8);
    }

    /** The text at a path of a tree; empty when there is none. */
    static String text(@Nullable Object tree, String... path) {
        return Objects.requireNonNullElse(JsonTree.text(tree, path), "");
    }

    private static HttpHeaders headers() {
        return new DefaultHttpHeaders().set(HttpHeaderNames.HOST, "docker");
    }

    private static UpstreamReply.Whole good(UpstreamReply.Whole reply) {
        // 304 is the answer to the start of what runs already.
        if (reply.status() / 100 == 2 || reply.status() == 304) {
            return reply;
        }
        throw EngineException.refused(reply.status(), message(reply.body()));
    }

    private static String message(String body) {
        try {
            String message = JsonTree.text(JsonTree.read(body), "message");
            return message == null ? body : message;
        } catch (JsonException e) {
            return body;
        }
    }

    private static Object read(UpstreamReply.Whole reply) {
        try {
            return Objects.requireNonNullElse(JsonTree.read(reply.body()), Map.of());
        } catch (JsonException e) {
            throw EngineException.failed(e);
        }
    }

    private static Throwable translated(Throwable failure) {
        return switch (failure) {
            case UpstreamUnreachableException away -> EngineException.unreachable(away);
            case UpstreamFailedException failed -> EngineException.failed(failed);
            default -> failure;
        };
    }
}
