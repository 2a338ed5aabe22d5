// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.engine;

import io.hostagent.capability.volumes.service.KnownVolume;
import io.hostagent.capability.volumes.service.Volumes;
import io.hostagent.capability.volumes.volume.VolumeRecord;
import io.hostagent.core.concurrent.DiskThreads;
import io.hostagent.core.docker.ContainerId;
import io.hostagent.core.docker.registry.ContainerRegistry;
import io.hostagent.core.error.AgentException;
import io.hostagent.core.error.BusyException;
import io.hostagent.core.json.JsonTree;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Keeps the labels of volumes, which engines tell no plugin of, and forget at the first bad answer
 * of it. It looks at the engine's volumes a moment after one was created or the engine was found,
 * again while others work with one that is new, and never else. Labels that an engine has no more
 * are kept.
 */
public final class KeptLabels implements ContainerRegistry.Listener, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(KeptLabels.class);

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration MOMENT = Duration.ofSeconds(5);

    /** Of all labels of a volume, in bytes of JSON: a record has to stay small. */
    private static final int MOST = 2_048;

    private final EngineApi engine;
    private final String driver;
    private final Volumes volumes;
    private final Soon look;
    private final DiskThreads disk = new DiskThreads("agent-volume-labels-", 1);

    /** Does nothing until it hears of something. */
    public KeptLabels(EngineApi engine, String driver, Volumes volumes) {
        this(engine, driver, volumes, MOMENT);
    }

    KeptLabels(EngineApi engine, String driver, Volumes volumes, Duration moment) {
        this.engine = engine;
        this.driver = driver;
        this.volumes = volumes;
        look = new Soon(moment, "The list of labels", this::look);
    }

    @Override
    public void listed() {
        soon();
    }

    @Override
    public void changed(ContainerId id) {
        // Labels come with volumes.
    }

    /** Looks in a moment, because a volume was created. */
    public void soon() {
        look.ask();
    }

    private Mono<Void> look() {
        Map<String, VolumeRecord> known = new HashMap<>();
        for (KnownVolume volume : volumes.all()) {
            known.put(volume.record().name().value(), volume.record());
        }
        if (known.isEmpty()) {
            return Mono.empty();
        }
        String target = EngineApi.filtered("/volumes?", Map.of("driver", List.of(driver)));
        return engine.get(target, LIMIT).flatMap(answer -> disk.run(() -> keep(answer, known)));
    }

    /**
     * Keeps what is new.
     *
     * @param known what the volumes were before the engine was asked: a name may be another's now
     */
    private void keep(Object answer, Map<String, VolumeRecord> known) {
        for (Object volume : JsonTree.list(answer, "Volumes")) {
            @Nullable VolumeRecord record = known.get(EngineApi.text(volume, "Name"));
            Map<String, String> labels = some(JsonTree.texts(volume, "Labels"));
            if (record != null
                    && EngineApi.text(volume, "Driver").equals(driver)
                    && !labels.isEmpty()
                    && !labels.equals(record.labels())) {
                keep(record, labels);
            }
        }
    }

    /** A volume that others work with for long is looked at again; the rest are not held up. */
    private void keep(VolumeRecord record, Map<String, String> labels) {
        try {
            volumes.label(record.name(), record.id(), labels);
        } catch (BusyException e) {
            log.debug("The labels of volume {} are not kept yet", record.name(), e);
            look.ask();
        } catch (AgentException e) {
            log.warn("The labels of volume {} are not kept: {}", record.name(), e.getMessage());
        }
    }

    /** The first of them, by name, that are not too long together. */
    private static Map<String, String> some(Map<String, String> labels) {
        Map<String, String> some = new TreeMap<>();
        int bytes = 0;
        for (Map.Entry<String, String> label : new TreeMap<>(labels).entrySet()) {
            bytes += JsonTree.write(Map.of(label.getKey(), label.getValue())).length;
            if (bytes > MOST) {
                break;
            }
            some.put(label.getKey(), label.getValue());
        }
        return some;
    }

    @Override
    public void close() {
        look.close();
        disk.close();
    }
}
