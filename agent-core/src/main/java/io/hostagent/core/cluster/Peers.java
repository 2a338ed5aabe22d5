// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.cluster;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.hostagent.core.relay.Upstream;
import io.hostagent.core.relay.UpstreamAddress;
import io.hostagent.core.relay.UpstreamReply;
import io.hostagent.core.relay.UpstreamRequest;
import io.hostagent.core.tls.PeerTls;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The connections to other agents: pooled, kept alive while used, none when idle. */
public final class Peers {

    /** What a dead host costs. */
    static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);

    private static final String LIVENESS = "/v2/health/live";
    private static final Duration LIVE_LIMIT = Duration.ofMillis(900);
    private static final Duration LOOK_LIMIT = Duration.ofMillis(1_500);

    /** Streams at once to one other agent. */
    private static final int MAX_CONNECTIONS = 2_048;

    private static final int MAX_PEERS = 10_000;
    private static final Duration FORGOTTEN = Duration.ofMinutes(10);

    private final PeerTls tls;
    private volatile PeerTls.@Nullable Client client;
    private final Supplier<EventLoop> loops;
    private final LoadingCache<PeerAddress, Upstream> upstreams;

    /**
     * Describes how agents are reached.
     *
     * @param threads where the look-up of a name may block
     * @param loops gives an event loop for a call of the agent's own
     */
    public Peers(PeerTls tls, Executor threads, Supplier<EventLoop> loops) {
        this.tls = tls;
        this.loops = loops;
        this.upstreams =
                Caffeine.newBuilder()
                        .maximumSize(MAX_PEERS)
                        .expireAfterAccess(FORGOTTEN)
                        .executor(Runnable::run)
                        .build(address -> upstream(address, threads));
    }

    private Upstream upstream(PeerAddress address, Executor threads) {
        PeerTls.Client ends = client;
        if (ends == null) {
            throw new IllegalStateException("An agent is called that was never asked who it is");
        }
        return new Upstream(
                "the agent at " + address,
                new UpstreamAddress.Tcp(
                        address.host(),
                        address.port(),
                        ends.to(address.host(), address.port()),
                        threads),
                CONNECT_TIMEOUT,
                MAX_CONNECTIONS);
    }

    /**
     * The agent at an address, for requests on the event loop of a client. Only for agents that
     * have said who they are.
     */
    public Upstream at(PeerAddress address) {
        return upstreams.get(address);
    }

    /**
     * After a failure: connections that wait for use may be as broken as the one that failed. Calls
     * that run go on.
     */
    void renew(PeerAddress address) {
        upstreams.invalidate(address);
    }

    /**
     * Whether an agent still answers, however busy its engine is; ends within about a second.
     *
     * @return on {@code loop}
     */
    public Mono<Boolean> alive(PeerAddress address, EventLoop loop) {
        return UpstreamRequest.get(
                        at(address), loop, LIVENESS, headers(address, OnBehalf.ITSELF), LIVE_LIMIT)
                .map(reply -> reply.status() == 200)
                .onErrorReturn(false);
    }

    /** Asks an agent for something small, on the event loop of a client. */
    public Mono<UpstreamReply.Whole> get(
            PeerAddress address, EventLoop loop, String target, HttpHeaders headers) {
        return UpstreamRequest.get(at(address), loop, target, headers, LOOK_LIMIT);
    }

    /** The end-to-end headers of a request to another agent. */
    public HttpHeaders headers(PeerAddress address, OnBehalf who) {
        HttpHeaders headers =
                new DefaultHttpHeaders().set(HttpHeaderNames.HOST, address.toString());
        who.addTo(headers, tls.mutual());
        return headers;
    }

    /** Whether an agent could answer somebody: it has to be shown a signature, or the secret. */
    boolean listensTo(OnBehalf who) {
        return tls.mutual() || who.signed();
    }

    /**
     * Asks an agent for something small.
     *
     * @param limit for everything, connection included
     * @return on an event loop; errors as {@link UpstreamRequest#get} does
     */
    Mono<UpstreamReply.Whole> get(
            PeerAddress address, String target, HttpHeaders headers, Duration limit) {
        return tls.ready()
                .doOnNext(ends -> client = ends)
                .flatMap(
                        ends ->
                                UpstreamRequest.get(
                                        at(address), loops.get(), target, headers, limit));
    }
}
