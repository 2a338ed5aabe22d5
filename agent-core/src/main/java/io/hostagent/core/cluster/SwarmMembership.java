// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.cluster;

import io.hostagent.core.error.ClusterException;
import io.hostagent.core.relay.Upstream;
import io.netty.channel.EventLoop;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * An agent that is a task of a Swarm service has the other tasks beside it. Whether it is one
 * cannot change while it runs, so the engine is asked until it has answered once.
 */
final class SwarmMembership implements Membership {

    private static final Logger log = LoggerFactory.getLogger(SwarmMembership.class);

    private final Upstream engine;
    private final Supplier<EventLoop> loops;
    private final String container;
    private final int port;
    private final Function<OwnService, Discovery> discoveries;
    private volatile @Nullable Membership known;

    /**
     * Prepares to ask.
     *
     * @param container the ID of the agent's own
     * @param port that the agent listens on
     * @param discoveries makes the way to find the other tasks
     */
    SwarmMembership(
            Upstream engine,
            Supplier<EventLoop> loops,
            String container,
            int port,
            Function<OwnService, Discovery> discoveries) {
        this.engine = engine;
        this.loops = loops;
        this.container = container;
        this.port = port;
        this.discoveries = discoveries;
    }

    @Override
    public Mono<Discovery> discovery() {
        Membership found = known;
        if (found != null) {
            return found.discovery();
        }
        return OwnService.ask(engine, loops.get(), container, port)
                .map(this::settle)
                .onErrorMap(failure -> ClusterException.unknownSelf())
                .flatMap(Membership::discovery);
    }

    private synchronized Membership settle(Optional<OwnService> service) {
        Membership found = known;
        if (found == null) {
            service.ifPresent(
                    own -> log.info("Looking for the other tasks of service {}", own.name()));
            Optional<Discovery> discovery = service.map(discoveries);
            found = () -> Mono.justOrEmpty(discovery);
            known = found;
        }
        return found;
    }
}
