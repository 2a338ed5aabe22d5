// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.cluster;

import com.github.benmanes.caffeine.cache.AsyncCacheLoader;
import com.github.benmanes.caffeine.cache.AsyncLoadingCache;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import io.hostagent.core.relay.UpstreamReply;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import reactor.core.publisher.Mono;

/**
 * What agents said when they were asked who they are, by their address. An answer is asked for
 * again while it is used, in the background; so is an agent that did not answer, which costs
 * whoever uses it nothing meanwhile. What nobody uses is forgotten after some seconds.
 */
final class Identities {

    /** Where agents answer who they are. */
    static final String PATH = "/v2/identity";

    /** How often an agent that is down is asked. */
    private static final Duration REFRESHED = Duration.ofSeconds(1);

    /** How long what an agent said is as good as new. */
    private static final Duration FRESH = Duration.ofSeconds(2);

    /** What an agent said longer ago than this is not to be relied on: it may be another one. */
    private static final Duration KNOWN = Duration.ofSeconds(4);

    /** That one was away is believed for longer: to find out again takes a second. */
    private static final Duration DOWN = Duration.ofSeconds(10);

    private static final int MAX_ADDRESSES = 10_000;

    /** For connection, TLS and answer together, while somebody waits for it. */
    private static final Duration LIMIT = Duration.ofSeconds(1);

    /** While nobody does: an agent that has just started on a busy host is slow at first. */
    private static final Duration BACKGROUND_LIMIT = Duration.ofSeconds(5);

    /** Who was last seen where, to call them by their names when they do not answer. */
    private final Cache<PeerAddress, String> names =
            Caffeine.newBuilder().maximumSize(MAX_ADDRESSES).executor(Runnable::run).build();

    /** What came of asking. */
    sealed interface Answer {

        /**
         * It did.
         *
         * @param at when, by the ticker
         */
        record Known(NodeIdentity identity, long at) implements Answer {}

        /** It did not answer, or with something else. */
        record Down(String why) implements Answer {}
    }

    private final Peers peers;
    private final Ticker ticker;
    private volatile OnBehalf lastSigned = OnBehalf.ITSELF;
    private final AsyncLoadingCache<PeerAddress, Answer> answers;

    Identities(Peers peers, Ticker ticker) {
        this.peers = peers;
        this.ticker = ticker;
        this.answers =
                Caffeine.newBuilder()
                        .maximumSize(MAX_ADDRESSES)
                        .refreshAfterWrite(REFRESHED)
                        .expireAfter(Expiry.<PeerAddress, Answer>writing(this::kept))
                        .ticker(ticker)
                        .executor(Runnable::run)
                        .buildAsync(new Asking());
    }

    private Duration kept(PeerAddress address, Answer answer) {
        return switch (answer) {
            case Answer.Known(NodeIdentity _, long at) ->
                    KNOWN.minusNanos(Math.min(ticker.read() - at, KNOWN.toNanos()));
            case Answer.Down _ -> DOWN;
        };
    }

    /**
     * Who the agent at an address is; asked now only when nothing is known of it.
     *
     * @param who without a shared secret, whose signature it is shown
     */
    Mono<Answer> of(PeerAddress address, OnBehalf who) {
        if (who.signed()) {
            lastSigned = who;
        }
        return Mono.fromFuture(() -> answers.get(address), true);
    }

    /** A call to the agent failed: it is down until it answers again. */
    void failed(PeerAddress address, String why) {
        peers.renew(address);
        answers.put(address, CompletableFuture.completedFuture(new Answer.Down(why)));
    }

    /** The node whose agent answered last at an address; empty when none ever did. */
    Optional<String> lastNode(PeerAddress address) {
        return Optional.ofNullable(names.getIfPresent(address));
    }

    /** Whatever is known of an address is no longer to be relied on. */
    void forget(PeerAddress address) {
        answers.synchronous().invalidate(address);
    }

    private CompletableFuture<Answer> ask(PeerAddress address, Duration limit) {
        // It is the agent itself that wants to know, under whatever name it gets an answer.
        OnBehalf asker = new OnBehalf(null, lastSigned.signature());
        if (!peers.listensTo(asker)) {
            return CompletableFuture.completedFuture(
                    new Answer.Down("set AGENT_SECRET on all agents, or ask with a signature"));
        }
        return Promised.of(
                peers.get(address, PATH, peers.headers(address, asker), limit)
                        .map(reply -> read(address, reply))
                        .onErrorResume(
                                failure -> {
                                    peers.renew(address);
                                    return Mono.just(new Answer.Down(Reason.of(failure)));
                                }));
    }

    private Answer read(PeerAddress address, UpstreamReply.Whole reply) {
        if (reply.status() != 200) {
            return new Answer.Down(
                    "it answered " + reply.status() + " when it was asked who it is");
        }
        try {
            NodeIdentity identity = IdentityJson.read(reply.body());
            names.put(address, identity.nodeName());
            return new Answer.Known(identity, ticker.read());
        } catch (IllegalArgumentException e) {
            return new Answer.Down("it does not say who it is: " + e.getMessage());
        }
    }

    private final class Asking implements AsyncCacheLoader<PeerAddress, Answer> {

        @Override
        public CompletableFuture<Answer> asyncLoad(PeerAddress address, Executor executor) {
            return ask(address, LIMIT);
        }

        @Override
        public CompletableFuture<Answer> asyncReload(
                PeerAddress address, Answer before, Executor executor) {
            return before instanceof Answer.Known known
                            && ticker.read() - known.at() < FRESH.toNanos()
                    ? CompletableFuture.completedFuture(before)
                    : ask(address, BACKGROUND_LIMIT);
        }
    }
}
