// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.engine;

import io.hostagent.capability.volumes.event.VolumeEvent;
import io.hostagent.capability.volumes.event.VolumeEvents;
import io.hostagent.capability.volumes.service.KnownVolume;
import io.hostagent.capability.volumes.service.Volumes;
import io.hostagent.capability.volumes.volume.VolumeState;
import io.hostagent.core.capability.Need.Absence;
import io.hostagent.core.docker.ContainerId;
import io.hostagent.core.docker.registry.ContainerRegistry;
import io.hostagent.core.json.JsonTree;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Finds local volumes of the engine that have the name of one of ours. An engine makes one when a
 * container names a volume and no driver at a bad moment; from then on that name is the local
 * volume's on this host, and containers write there. It looks a moment after something has happened
 * to a container, once for all that happens in that moment, and never else.
 */
public final class ShadowAlarm implements ContainerRegistry.Listener, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ShadowAlarm.class);

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration MOMENT = Duration.ofSeconds(5);
    private static final Map<String, List<String>> LOCAL = Map.of("driver", List.of("local"));

    private static final String REMEDY =
            "see what containers have written to it, remove it, and name the driver wherever the"
                    + " volume is used";

    private final EngineApi engine;
    private final Volumes volumes;
    private final VolumeEvents events;
    private final Clock clock;
    private final Soon look;
    private Set<String> shadowed = Set.of();

    /** Does nothing until it hears of something. */
    public ShadowAlarm(EngineApi engine, Volumes volumes, VolumeEvents events, Clock clock) {
        this(engine, volumes, events, clock, MOMENT);
    }

    ShadowAlarm(
            EngineApi engine, Volumes volumes, VolumeEvents events, Clock clock, Duration moment) {
        this.engine = engine;
        this.volumes = volumes;
        this.events = events;
        this.clock = clock;
        look = new Soon(moment, "The list of local volumes", this::look);
    }

    @Override
    public void listed() {
        soon();
    }

    @Override
    public void changed(ContainerId id) {
        soon();
    }

    /** Looks in a moment, for instance because a volume was created. */
    public void soon() {
        look.ask();
    }

    private Mono<Void> look() {
        if (volumes.all().isEmpty()) {
            found(Map.of());
            return Mono.empty();
        }
        return engine.get(EngineApi.filtered("/volumes?", LOCAL), LIMIT)
                .doOnNext(this::found)
                .then();
    }

    private synchronized void found(Object answer) {
        Set<String> now = new TreeSet<>();
        for (Object volume : JsonTree.list(answer, "Volumes")) {
            String name = EngineApi.text(volume, "Name");
            if (EngineApi.text(volume, "Driver").equals("local") && isOurs(name)) {
                now.add(name);
            }
        }
        now.stream().filter(name -> !shadowed.contains(name)).forEach(this::alarm);
        shadowed = Set.copyOf(now);
    }

    private boolean isOurs(String name) {
        return volumes.find(name)
                .map(KnownVolume::record)
                .filter(record -> record.state().isVisible())
                .filter(record -> record.state() != VolumeState.DELETING)
                .isPresent();
    }

    private void alarm(String name) {
        log.warn("A local volume of the engine has the name of the volume {}: {}", name, REMEDY);
        events.publish(
                new VolumeEvent(
                        clock.instant(),
                        "alarm",
                        name,
                        Map.of("reason", "a local volume of the engine has the same name")));
    }

    /** The names that two volumes have, in order. */
    public synchronized List<String> shadowed() {
        return shadowed.stream().sorted().toList();
    }

    /** The same, for whoever looks after the agent's health; empty when there are none. */
    public Optional<Absence> missing() {
        List<String> names = shadowed();
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Absence(
                                "local volumes of the engine have the names of "
                                        + String.join(", ", names),
                                REMEDY));
    }

    @Override
    public void close() {
        look.close();
    }
}
