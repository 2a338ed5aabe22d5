// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.list;

import io.hostagent.core.relay.AnswerProducer;
import io.hostagent.core.relay.HeldBytes;
import io.hostagent.core.relay.SharedAnswers;
import io.hostagent.core.relay.SilenceWatch;
import io.hostagent.core.web.Exchange;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Answers for many nodes with one list: theirs, one after the other, each element with the name of
 * its node. Lists go through as they come; however long they are, little of them is in memory.
 */
public final class MergedLists {

    /**
     * What all merged lists together may hold before its turn comes, in bytes: 256 nodes' worth.
     */
    private static final long HELD_BYTES = 32L << 20;

    /** What the original agent waits for a node at most. */
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final SharedAnswers shared;
    private final HeldBytes budget;
    private final SilenceWatch.Patience patience;

    /**
     * Makes the one place where lists are merged.
     *
     * @param shared whose keys are of merged lists alone
     */
    public MergedLists(SharedAnswers shared) {
        this(shared, new HeldBytes(HELD_BYTES), SilenceWatch.patience(LONGEST));
    }

    MergedLists(SharedAnswers shared, HeldBytes budget, SilenceWatch.Patience patience) {
        this.shared = shared;
        this.budget = budget;
        this.patience = patience;
    }

    /**
     * Answers a GET with a merged list.
     *
     * <p>Nodes that have no list are named in the header {@code X-HostAgent-Unreachable}, or in a
     * trailer of that name when it turns out late, and the list arrives all the same. If no node
     * has one, the answer is the error that all of them gave, or 502, or 503 if none answered.
     *
     * @param key the same for requests that get the same list; {@code null} for one that shares it
     *     with nobody
     * @return ends when the answer is written; errors with an {@code AgentException} only if
     *     nothing of it was sent
     */
    public Mono<Void> list(Exchange exchange, ListRequest request, @Nullable String key) {
        AnswerProducer producer = outlet -> new Merge(request, budget, patience, outlet);
        return key == null
                ? producer.answer(exchange.request(), exchange.response())
                : shared.produce(exchange.request(), exchange.response(), key, producer);
    }
}
