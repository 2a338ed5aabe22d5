// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.engine;

import io.hostagent.core.json.JsonTree;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Who has a volume, as the engine believes. Only a list is asked for: while a container is being
 * started, which is when its volume is mounted, all other questions about it wait for that.
 */
public final class EngineVolumes {

    private static final Duration LIMIT = Duration.ofSeconds(3);

    private final EngineApi engine;

    public EngineVolumes(EngineApi engine) {
        this.engine = engine;
    }

    /**
     * The containers that have a volume, stopped ones among them.
     *
     * @return within three seconds; errors with an {@link io.hostagent.core.error.EngineException}
     */
    public Mono<List<ContainerUse>> users(String volume) {
        String target =
                EngineApi.filtered("/containers/json?all=1&", Map.of("volume", List.of(volume)));
        return engine.get(target, LIMIT).map(list -> parse(list, volume));
    }

    /** The engine's filter takes paths in containers for names, too. */
    static List<ContainerUse> parse(@Nullable Object list, String volume) {
        List<ContainerUse> uses = new ArrayList<>();
        for (Object container : JsonTree.list(list)) {
            if (EngineMounts.names(container).contains(volume)) {
                uses.add(
                        new ContainerUse(
                                EngineApi.text(container, "Id"),
                                EngineMounts.nameOf(container),
                                EngineApi.text(container, "State")));
            }
        }
        return List.copyOf(uses);
    }
}
