// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.docker;

import java.time.Instant;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The engine on this host, for calls that the agent makes on its own behalf. All of them error with
 * an {@link io.hostagent.core.error.EngineException} when the engine is away or refuses; none needs
 * it to have been there before.
 */
public interface DockerEngine {

    /** What the engine says of itself. */
    Mono<EngineInfo> info();

    /** Every container on this host, stopped ones included. */
    Mono<List<Container>> containers();

    /** One container, or empty when there is none of this ID. */
    Mono<Container> container(ContainerId id);

    /** All that the engine tells of one container, or empty when there is none of this ID. */
    Mono<ContainerDetails> details(ContainerId id);

    /**
     * What happens to containers, from a moment on and without an end.
     *
     * @param since events of this engine's own clock from here on; the engine remembers a few
     *     hundred
     */
    Flux<ContainerEvent> containerEvents(Instant since);
}
