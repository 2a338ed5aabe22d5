// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.web;

import io.hostagent.core.cluster.Addressee;
import io.hostagent.core.cluster.Forwarding;
import io.hostagent.core.error.CallerException;
import io.hostagent.core.relay.Relay;
import io.hostagent.core.web.ApiCall;
import io.hostagent.core.web.ConnectionLoop;
import io.hostagent.core.web.Exchange;
import io.hostagent.core.web.RequestPath;
import io.hostagent.core.web.StreamRoute;
import io.netty.channel.EventLoop;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/** Metrics on the agent's own port: of this node, or of the one that a request names. */
public final class MetricsRoute implements StreamRoute {

    private final MetricsAnswers answers;
    private final Addressee addressee;
    private final Forwarding forwarding;

    public MetricsRoute(MetricsAnswers answers, Addressee addressee, Forwarding forwarding) {
        this.answers = answers;
        this.addressee = addressee;
        this.forwarding = forwarding;
    }

    @Override
    public boolean covers(RequestPath path) {
        String all = MetricsPart.ALL.path();
        return path.path().equals(all) || path.path().startsWith(all + "/");
    }

    @Override
    public List<ApiCall> calls() {
        return Arrays.stream(MetricsPart.values())
                .flatMap(
                        part ->
                                Stream.of("GET", "HEAD")
                                        .map(method -> new ApiCall(method, part.path())))
                .toList();
    }

    @Override
    public Mono<Void> handle(Exchange exchange, Supplier<Mono<Void>> own) {
        MetricsPart part =
                MetricsPart.at(exchange.path().path()).orElseThrow(MetricsRoute::noSuchPart);
        EventLoop loop = Relay.channel(exchange.response()).eventLoop();
        return addressee
                .of(exchange)
                .map(member -> forwarding.to(member, exchange, null))
                .switchIfEmpty(
                        Mono.fromSupplier(
                                () -> ConnectionLoop.write(loop, () -> here(part, exchange))))
                .flatMap(answer -> answer);
    }

    private Mono<Void> here(MetricsPart part, Exchange exchange) {
        return answers.answer(part, exchange.path(), exchange.request(), exchange.response());
    }

    static CallerException noSuchPart() {
        return CallerException.notFound(
                "There are no metrics at this path",
                Arrays.stream(MetricsPart.values())
                        .map(MetricsPart::path)
                        .collect(Collectors.joining(", ", "They are at ", "")));
    }
}
