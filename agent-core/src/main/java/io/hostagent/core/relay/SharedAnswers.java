// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.relay;

import com.github.benmanes.caffeine.cache.Ticker;
import io.hostagent.core.share.AnswerSource;
import io.hostagent.core.share.Sharing;
import io.netty.channel.Channel;
import java.time.Duration;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Answers that clients share: of the same requests that wait at the same time, only one is made,
 * after all of them came ({@link Sharing} has the rules). A client whose request is the only one of
 * its kind gets a relay and notices nothing.
 *
 * <p>A shared answer is held in memory until the last client has taken it. What is too large for
 * that is relayed to each client on its own.
 */
public final class SharedAnswers {

    /** A list of some 5,000 containers, in bytes; on a larger one sharing would save little. */
    private static final int ANSWER_BYTES = 4 << 20;

    /** An eighth of what buffers may take ({@code -XX:MaxDirectMemorySize}), in bytes. */
    private static final long HELD_BYTES = 32L << 20;

    /**
     * What a request may lose by waiting for somebody else's: less than a person notices, and more
     * than an engine needs for a usual list.
     */
    private static final Duration PATIENCE = Duration.ofMillis(75);

    /** After an answer that was too large: long enough that trying again costs nothing. */
    private static final Duration APART = Duration.ofSeconds(5);

    private final int answerBytes;
    private final HeldBytes held;
    private final Sharing<Answer> sharing;

    /** Shares with the bounds that suit an engine's lists. */
    public SharedAnswers() {
        this(ANSWER_BYTES, HELD_BYTES, PATIENCE, APART);
    }

    /**
     * Shares with bounds of one's own.
     *
     * @param answerBytes what a shared answer may have
     * @param heldBytes what all of them together may have
     * @param patience what a request may wait for the answer before its own
     * @param apart how long nothing of a kind is shared after an answer that was too large
     */
    public SharedAnswers(int answerBytes, long heldBytes, Duration patience, Duration apart) {
        this.answerBytes = answerBytes;
        this.held = new HeldBytes(heldBytes);
        this.sharing = new Sharing<>(patience, apart, Ticker.systemTicker());
    }

    /**
     * Passes a request on as {@link Relay#relay} does, or lets it share the answer of others.
     *
     * @param outgoing a GET without a body and without an upgrade
     * @param key the same for requests that the server cannot tell apart, and for no others
     * @return as {@link Relay#relay}; a server that fails in the middle of a shared answer is an
     *     error, as nothing of it was sent yet
     */
    public Mono<Void> relay(
            HttpServerRequest request,
            HttpServerResponse response,
            Upstream upstream,
            Relay.Outgoing outgoing,
            String key) {
        Channel client = Relay.channel(response);
        return answer(
                request,
                response,
                key,
                Relay.relay(request, response, upstream, outgoing),
                AnswerCollector.source(client.eventLoop(), upstream, outgoing, answerBytes, held));
    }

    /**
     * Has an answer made for a client alone, or for several that ask for the same.
     *
     * @param key the same for requests that get the same answer, and for no others
     * @param producer makes it for this client, or for a group that this client is the first of
     * @return as {@link AnswerProducer#answer}; a production that fails in the middle of a shared
     *     answer is an error, as nothing of it was sent yet
     */
    public Mono<Void> produce(
            HttpServerRequest request,
            HttpServerResponse response,
            String key,
            AnswerProducer producer) {
        return answer(
                request,
                response,
                key,
                producer.answer(request, response),
                HeldOutlet.source(
                        Relay.channel(response).eventLoop(), producer, answerBytes, held));
    }

    private Mono<Void> answer(
            HttpServerRequest request,
            HttpServerResponse response,
            String key,
            Mono<Void> alone,
            AnswerSource<Answer> source) {
        Channel client = Relay.channel(response);
        return Mono.create(
                sink -> {
                    SharedMember member =
                            new SharedMember(request, response, client, alone, source, sink);
                    sink.onCancel(member::leave);
                    member.join(sharing, key);
                });
    }

    /** What is held in memory, in bytes; 0 when idle. */
    public long heldBytes() {
        return held.held();
    }

    /** How many keys have a call running; 0 when idle. */
    int keys() {
        return sharing.keys();
    }

    /** How many requests wait for a call that has not started; 0 when idle. */
    public int waiting() {
        return sharing.waiting();
    }
}
