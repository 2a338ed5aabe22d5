// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.web;

import io.hostagent.core.capability.Need.Absence;
import io.hostagent.core.trust.AuditLog;
import io.hostagent.core.web.PlainServer;
import io.hostagent.core.web.RequestPath;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

/**
 * A port on which metrics are served without TLS to everybody who reaches it, and nothing else is.
 * When it cannot be had, the agent goes on without it and tries again.
 */
public final class PlainListener implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(PlainListener.class);

    private static final Duration TRY_AGAIN = Duration.ofSeconds(10);

    private final Place place;
    private final MetricsAnswers answers;
    private final Supplier<LoopResources> loops;
    private final HttpServer server;
    private final Duration tryAgain;
    private @Nullable DisposableServer bound;
    private @Nullable String problem;
    private boolean closed;

    /**
     * Where such a port is.
     *
     * @param variable that names the port, for an operator
     * @param part that is at {@code /metrics}; with all of them, each is at its own path, too
     */
    public record Place(String variable, InetAddress host, int port, MetricsPart part) {

        @Override
        public String toString() {
            String address = host.getHostAddress();
            return (address.contains(":") ? "[" + address + "]" : address) + ":" + port;
        }
    }

    /**
     * Prepares a port; it is not opened yet.
     *
     * @param maxConnections that clients may have open at once
     */
    public PlainListener(
            Place place,
            MetricsAnswers answers,
            AuditLog audit,
            int maxConnections,
            Supplier<LoopResources> loops) {
        this(place, answers, audit, maxConnections, loops, TRY_AGAIN);
    }

    PlainListener(
            Place place,
            MetricsAnswers answers,
            AuditLog audit,
            int maxConnections,
            Supplier<LoopResources> loops,
            Duration tryAgain) {
        this.place = place;
        this.tryAgain = tryAgain;
        this.answers = answers;
        this.loops = loops;
        this.server =
                PlainServer.of(audit, maxConnections, this::answer)
                        .host(place.host().getHostAddress())
                        .port(place.port());
    }

    private Mono<Void> answer(
            RequestPath path, HttpServerRequest request, HttpServerResponse response) {
        MetricsPart part = MetricsPart.at(path.path()).orElseThrow(MetricsRoute::noSuchPart);
        if (place.part() == MetricsPart.ALL) {
            return answers.answer(part, path, request, response);
        }
        if (part != MetricsPart.ALL) {
            throw MetricsRoute.noSuchPart();
        }
        return answers.answer(place.part(), path, request, response);
    }

    /** Opens the port, in a moment. */
    public void start() {
        server.runOn(loops.get()).bind().subscribe(this::opened, this::failed);
    }

    private synchronized void opened(DisposableServer opened) {
        if (closed) {
            opened.dispose();
            return;
        }
        bound = opened;
        problem = null;
        log.info(
                "Metrics are open to everybody who reaches http://{}{}, without TLS ({})",
                place,
                MetricsPart.ALL.path(),
                place.variable());
    }

    private synchronized void failed(Throwable failure) {
        String why = why(failure);
        if (problem == null) {
            log.warn("{} cannot be listened on ({}): {}", place, place.variable(), why);
        }
        problem = why;
        if (!closed) {
            loops.get()
                    .onServer(true)
                    .next()
                    .schedule(this::start, tryAgain.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private static String why(Throwable failure) {
        Throwable deepest = failure;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return String.valueOf(deepest.getMessage());
    }

    /** Why the port is not open; empty when it is. */
    public synchronized Optional<Absence> missing() {
        return Optional.ofNullable(problem)
                .map(
                        why ->
                                new Absence(
                                        place + " cannot be listened on: " + why,
                                        "free the port, or set another "
                                                + place.variable()
                                                + " or METRICS_HOST"));
    }

    /** The port that was opened, whichever that was; empty as long as there is none. */
    synchronized Optional<Integer> port() {
        return Optional.ofNullable(bound).map(DisposableServer::port);
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (bound != null) {
            bound.dispose();
        }
    }
}
