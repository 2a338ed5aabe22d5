// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.exporter;

import io.hostagent.core.cluster.Addressee;
import io.hostagent.core.cluster.ClusterView;
import io.hostagent.core.cluster.Directory;
import io.hostagent.core.cluster.Forwarding;
import io.hostagent.core.cluster.Member;
import io.hostagent.core.error.CallerException;
import io.hostagent.core.error.ClusterException;
import io.hostagent.core.relay.AnswerProducer;
import io.hostagent.core.relay.Relay;
import io.hostagent.core.web.ApiCall;
import io.hostagent.core.web.ConnectionLoop;
import io.hostagent.core.web.Exchange;
import io.hostagent.core.web.RequestPath;
import io.hostagent.core.web.StreamRoute;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpMethod;
import java.util.List;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/**
 * {@code GET /proxy/ID/PORT/PATH}: the metrics of an exporter in a container, on whichever node it
 * is. 403 tells what the container did not ask for, 404 that there is no such one, 502 that the
 * exporter cannot be reached or answers wrongly, 504 that it is late.
 */
public final class TargetRoute implements StreamRoute {

    private static final String PREFIX = TargetPath.PREFIX + "/";

    private final Exporters exporters;
    private final Connections connections;
    private final ContainerHosts hosts;
    private final Directory directory;
    private final Addressee addressee;
    private final Forwarding forwarding;

    public TargetRoute(
            Exporters exporters,
            Connections connections,
            ContainerHosts hosts,
            Directory directory,
            Addressee addressee,
            Forwarding forwarding) {
        this.exporters = exporters;
        this.connections = connections;
        this.hosts = hosts;
        this.directory = directory;
        this.addressee = addressee;
        this.forwarding = forwarding;
    }

    @Override
    public boolean covers(RequestPath path) {
        return path.path().startsWith(PREFIX) || path.path().equals(TargetPath.PREFIX);
    }

    @Override
    public List<ApiCall> calls() {
        return List.of(new ApiCall("GET", PREFIX + "{container}/{port}/{path}"));
    }

    @Override
    public Mono<Void> handle(Exchange exchange, Supplier<Mono<Void>> own) {
        if (!exchange.request().method().equals(HttpMethod.GET)) {
            throw new CallerException(405, "Method not allowed", "It is GET");
        }
        TargetPath path = TargetPath.of(exchange.path());
        EventLoop loop = Relay.channel(exchange.response()).eventLoop();
        return exporters
                .find(path, loop)
                .map(exporter -> scrape(exchange, path, exporter))
                .switchIfEmpty(
                        Mono.defer(() -> elsewhere(exchange, path, loop))
                                .map(member -> forwarding.to(member, exchange, null)))
                .flatMap(answer -> ConnectionLoop.write(loop, () -> answer));
    }

    private Mono<Void> scrape(Exchange exchange, TargetPath path, Exporter exporter) {
        ScrapeRequest request =
                ScrapeRequest.of(path.rawTarget(), exchange.request().requestHeaders());
        AnswerProducer producer = outlet -> new Scrape(connections, exporter, request, outlet);
        return producer.answer(exchange.request(), exchange.response());
    }

    /** The node that the request names, else the one that has the container. */
    private Mono<Member> elsewhere(Exchange exchange, TargetPath path, EventLoop loop) {
        CallerException unknown = ContainerHosts.unknown(path.container());
        if (Addressee.passedOn(exchange)) {
            return Mono.error(unknown);
        }
        if (!Addressee.target(exchange).isEmpty()) {
            return addressee.of(exchange).switchIfEmpty(Mono.error(unknown));
        }
        return directory
                .view(Addressee.who(exchange))
                .switchIfEmpty(Mono.error(unknown))
                .flatMap(view -> search(exchange, path, view, loop));
    }

    private Mono<Member> search(
            Exchange exchange, TargetPath path, ClusterView view, EventLoop loop) {
        Member self = view.self().orElseThrow(ClusterException::unknownSelf);
        return hosts.find(path.container(), view, self, Addressee.who(exchange), loop);
    }
}
