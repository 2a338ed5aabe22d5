// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.cluster;

import com.github.benmanes.caffeine.cache.AsyncLoadingCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.hostagent.core.relay.Upstream;
import io.hostagent.core.relay.UpstreamReply;
import io.hostagent.core.relay.UpstreamRequest;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Who this agent is. Its role is the engine's to tell, which is asked again while somebody wants to
 * know, at most once a second; an engine that is away or hangs leaves the answer as it was.
 */
public final class LocalNode {

    private static final Duration EXPIRED = Duration.ofSeconds(1);
    private static final Duration LIMIT = Duration.ofMillis(700);
    private static final String ONLY = "self";

    private final Upstream engine;
    private final Supplier<EventLoop> loops;
    private final int port;
    private final Supplier<List<String>> capabilities;
    private final String version;
    private final String instance = UUID.randomUUID().toString();
    private final long started = System.currentTimeMillis();
    private volatile @Nullable NodeIdentity last;
    private volatile List<String> managers = List.of();

    private final AsyncLoadingCache<String, Optional<NodeIdentity>> identity =
            Caffeine.newBuilder()
                    .expireAfterWrite(EXPIRED)
                    .executor(Runnable::run)
                    .buildAsync((key, executor) -> ask());

    public LocalNode(
            Upstream engine,
            Supplier<EventLoop> loops,
            int port,
            Supplier<List<String>> capabilities,
            String version) {
        this.engine = engine;
        this.loops = loops;
        this.port = port;
        this.capabilities = capabilities;
        this.version = version;
    }

    /** Who it is; empty while its engine was never seen. Never errors, and takes less than 1 s. */
    public Mono<NodeIdentity> identity() {
        return Mono.fromFuture(() -> identity.get(ONLY), true).flatMap(Mono::justOrEmpty);
    }

    /** Who it was when it was asked last. */
    Optional<NodeIdentity> lastKnown() {
        return Optional.ofNullable(last);
    }

    /** Addresses of the hosts of managers, as this node's engine knows them. */
    List<String> managers() {
        return managers;
    }

    /** What no other agent has. */
    String instance() {
        return instance;
    }

    private CompletableFuture<Optional<NodeIdentity>> ask() {
        return Promised.of(
                UpstreamRequest.get(
                                engine,
                                loops.get(),
                                "/info",
                                new DefaultHttpHeaders().set(HttpHeaderNames.HOST, "docker"),
                                LIMIT)
                        .map(this::read)
                        .onErrorComplete()
                        .defaultIfEmpty(Optional.ofNullable(last)));
    }

    private Optional<NodeIdentity> read(UpstreamReply.Whole reply) {
        if (reply.status() != 200) {
            return lastKnown();
        }
        Document info = Document.read(reply.body());
        String swarmNode = info.text("Swarm", "NodeID");
        NodeIdentity found =
                new NodeIdentity(
                        info.text("Name"),
                        swarmNode.isEmpty() ? info.text("ID") : swarmNode,
                        !swarmNode.isEmpty(),
                        info.flag("Swarm", "ControlAvailable") ? Role.MANAGER : Role.WORKER,
                        port,
                        capabilities.get(),
                        version,
                        instance,
                        started);
        managers =
                info.items("Swarm", "RemoteManagers").stream()
                        .map(manager -> HostAndPort.host(manager.text("Addr")))
                        .toList();
        last = found;
        return Optional.of(found);
    }
}
