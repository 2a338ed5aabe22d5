// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.web;

import io.hostagent.core.capability.AgentPath;
import io.hostagent.core.capability.AgentPath.Access;
import io.hostagent.core.cluster.Addressee;
import io.hostagent.core.cluster.Forwarding;
import io.hostagent.core.relay.Relay;
import io.hostagent.core.web.ApiCall;
import io.hostagent.core.web.ConnectionLoop;
import io.hostagent.core.web.Exchange;
import io.hostagent.core.web.RequestPath;
import io.hostagent.core.web.StreamRoute;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** Volumes on the agent's own port: those of this node, or of the one that a request names. */
public final class VolumesRoute implements StreamRoute {

    /** Who may come in where. Whatever changes something needs the scope {@code admin} anyway. */
    public static final List<AgentPath> PATHS =
            List.of(
                    new AgentPath("/v2/volumes", Access.CALLER),
                    new AgentPath("/v2/volume-imports", Access.ADMIN),
                    new AgentPath("/v2/volume-trash", Access.CALLER),
                    new AgentPath("/v2/volume-pools", Access.CALLER),
                    new AgentPath("/v2/volume-operations", Access.CALLER),
                    new AgentPath("/v2/volume-events", Access.CALLER),
                    new AgentPath("/v2/volume-diagnostics", Access.ADMIN));

    private final VolumeApi api;
    private final Addressee addressee;
    private final Forwarding forwarding;

    public VolumesRoute(VolumeApi api, Addressee addressee, Forwarding forwarding) {
        this.api = api;
        this.addressee = addressee;
        this.forwarding = forwarding;
    }

    @Override
    public boolean covers(RequestPath path) {
        return PATHS.stream().anyMatch(own -> own.covers(path.path()));
    }

    @Override
    public List<ApiCall> calls() {
        return api.calls();
    }

    @Override
    public Mono<Void> handle(Exchange exchange, Supplier<Mono<Void>> own) {
        EventLoop loop = Relay.channel(exchange.response()).eventLoop();
        return addressee
                .of(exchange)
                .map(member -> forwarding.to(member, exchange, null))
                .switchIfEmpty(
                        Mono.fromSupplier(
                                () -> ConnectionLoop.write(loop, () -> api.answer(exchange))))
                .flatMap(answer -> answer);
    }
}
