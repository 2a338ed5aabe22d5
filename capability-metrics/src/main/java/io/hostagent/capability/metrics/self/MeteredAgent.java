// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.self;

import io.hostagent.core.meter.AgentMeters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

/** Counts what happens to the agent. */
public final class MeteredAgent implements AgentMeters {

    /** How a request ended. */
    private enum Outcome {
        SUCCESS,
        REFUSED,
        CLIENT_ERROR,
        SERVER_ERROR,
        /** The client left before the end. */
        CANCELLED
    }

    private final Map<Outcome, Counter> requests = new EnumMap<>(Outcome.class);
    private final Map<MissingNode, Counter> missing = new EnumMap<>(MissingNode.class);
    private final Counter connections;
    private final AtomicInteger openConnections = new AtomicInteger();
    private final AtomicInteger activeRequests = new AtomicInteger();

    /** Counts in a registry. */
    public MeteredAgent(MeterRegistry registry) {
        for (Outcome outcome : Outcome.values()) {
            requests.put(
                    outcome,
                    Counter.builder("agent.requests")
                            .description("Requests that are over, by how they ended.")
                            .tag("outcome", word(outcome))
                            .register(registry));
        }
        for (MissingNode why : MissingNode.values()) {
            missing.put(
                    why,
                    Counter.builder("agent.list.missing.nodes")
                            .description("Nodes that a merged list had to do without, and why.")
                            .tag("reason", word(why))
                            .register(registry));
        }
        connections =
                Counter.builder("agent.connections")
                        .description("Connections that clients have made to the agent's port.")
                        .register(registry);
        Gauge.builder("agent.connections.open", openConnections, AtomicInteger::get)
                .description("Connections of clients that are open.")
                .register(registry);
        Gauge.builder("agent.requests.active", activeRequests, AtomicInteger::get)
                .description("Requests that are under way, endless streams among them.")
                .register(registry);
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void connected(Channel channel) {
        connections.increment();
        openConnections.incrementAndGet();
        channel.closeFuture().addListener(end -> openConnections.decrementAndGet());
    }

    @Override
    public Mono<Void> request(Mono<Void> answer, IntSupplier status) {
        activeRequests.incrementAndGet();
        return answer.doFinally(end -> ended(end, status));
    }

    private void ended(SignalType end, IntSupplier status) {
        activeRequests.decrementAndGet();
        Counter counter = requests.get(outcome(end, status));
        if (counter != null) {
            counter.increment();
        }
    }

    private static Outcome outcome(SignalType end, IntSupplier status) {
        if (end == SignalType.CANCEL) {
            return Outcome.CANCELLED;
        }
        int code = status.getAsInt();
        if (code >= 500 || end == SignalType.ON_ERROR) {
            return Outcome.SERVER_ERROR;
        }
        if (code == 401 || code == 403) {
            return Outcome.REFUSED;
        }
        return code >= 400 ? Outcome.CLIENT_ERROR : Outcome.SUCCESS;
    }

    @Override
    public void missing(MissingNode why, int nodes) {
        Counter counter = missing.get(why);
        if (counter != null) {
            counter.increment(nodes);
        }
    }
}
