// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.cluster;

import io.hostagent.core.capability.AgentPath;
import io.hostagent.core.web.ApiCall;
import io.hostagent.core.web.Exchange;
import io.hostagent.core.web.RequestPath;
import io.hostagent.core.web.StreamRoute;
import java.util.List;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** Paths that the router functions of the node answer which a request names, be it another one. */
public final class NodeRoute implements StreamRoute {

    private final List<AgentPath> paths;
    private final Addressee addressee;
    private final Forwarding forwarding;

    public NodeRoute(List<AgentPath> paths, Addressee addressee, Forwarding forwarding) {
        this.paths = List.copyOf(paths);
        this.addressee = addressee;
        this.forwarding = forwarding;
    }

    @Override
    public boolean covers(RequestPath path) {
        return paths.stream().anyMatch(own -> own.covers(path.path()));
    }

    /** None: the router functions do. */
    @Override
    public List<ApiCall> calls() {
        return List.of();
    }

    @Override
    public Mono<Void> handle(Exchange exchange, Supplier<Mono<Void>> own) {
        return addressee
                .of(exchange)
                .map(member -> forwarding.to(member, exchange, null))
                .switchIfEmpty(Mono.fromSupplier(own))
                .flatMap(answer -> answer);
    }
}
