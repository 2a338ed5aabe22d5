// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mounts that engines have asked for and not given back. They are hints: an engine that is
 * killed never gives one back, and {@code docker cp} gives back that of a container which runs on.
 * What a young one says counts all the same, since the container that it is for may not run yet.
 *
 * <p>They outlive the agent, not a loss of power: nothing that they are about does either.
 */
final class MountIds {

    private static final Logger log = LoggerFactory.getLogger(MountIds.class);

    /** An engine gives a mount 120 s; then its container is not started. */
    static final Duration YOUNG = Duration.ofSeconds(130);

    private final Path folder;
    private final LongSupplier nanos;
    private final Map<UUID, Map<String, Asked>> ids = new HashMap<>();

    /**
     * A mount.
     *
     * @param since when it was asked for, in the nanoseconds of this process
     * @param suspect whether the engine that asked has been restarted since then
     */
    private record Asked(long since, boolean suspect) {}

    /** Reads what is left from before; all of it counts as young. */
    MountIds(Path folder, LongSupplier nanos) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.nanos = nanos;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                read(file);
            }
        }
    }

    private void read(Path file) throws IOException {
        UUID volume;
        try {
            volume = UUID.fromString(String.valueOf(file.getFileName()));
        } catch (IllegalArgumentException e) {
            log.warn("{} is no file of this agent's, and is left alone", file);
            return;
        }
        for (String id : Files.readAllLines(file, UTF_8)) {
            table(volume).put(id, new Asked(nanos.getAsLong(), false));
        }
    }

    private Map<String, Asked> table(UUID volume) {
        return ids.computeIfAbsent(volume, key -> new LinkedHashMap<>());
    }

    /** A mount was asked for. */
    synchronized void add(UUID volume, String id) throws IOException {
        Map<String, Asked> table = table(volume);
        if (table.put(id, new Asked(nanos.getAsLong(), false)) == null) {
            write(volume, table);
        }
    }

    /** It was given back, or came to nothing. */
    synchronized void remove(UUID volume, String id) throws IOException {
        Map<String, Asked> table = table(volume);
        boolean known = table.remove(id) != null;
        if (table.isEmpty()) {
            ids.remove(volume);
        }
        if (known) {
            write(volume, table);
        }
    }

    /** A volume has no user any more, whatever was said. */
    synchronized void clear(UUID volume) throws IOException {
        if (ids.remove(volume) != null) {
            write(volume, Map.of());
        }
    }

    /** The engine is another process by now: no container will come of what the old one asked. */
    synchronized void suspectAll() {
        for (Map<String, Asked> table : ids.values()) {
            table.replaceAll((id, asked) -> new Asked(asked.since(), true));
        }
    }

    /** The mounts that a container may still come of. */
    synchronized List<String> young(UUID volume) {
        long now = nanos.getAsLong();
        return ids.getOrDefault(volume, Map.of()).entrySet().stream()
                .filter(entry -> !entry.getValue().suspect())
                .filter(entry -> now - entry.getValue().since() < YOUNG.toNanos())
                .map(Map.Entry::getKey)
                .toList();
    }

    private void write(UUID volume, Map<String, Asked> table) throws IOException {
        Path file = folder.resolve(volume.toString());
        if (table.isEmpty()) {
            try {
                Files.delete(file);
            } catch (NoSuchFileException e) {
                // As it should be.
            }
            return;
        }
        Files.write(file, table.keySet(), UTF_8);
    }
}
