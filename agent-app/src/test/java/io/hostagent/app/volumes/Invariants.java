// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.volumes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;

/**
 * What has to be true of the volumes of a host after every fault. Each check also remembers what it
 * saw, for the next one.
 */
final class Invariants {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final VolumesAgent agent;
    private final Map<String, Long> epochs = new HashMap<>();

    Invariants(VolumesAgent agent) {
        this.agent = agent;
    }

    /**
     * Checks: each name once, one owner, epochs that never decrease, whole bytes with the marker
     * that the record says, no bytes without a record, nothing half made, and each volume mounted
     * at most once.
     */
    void check() {
        Set<String> names = new HashSet<>();
        Set<String> ids = new HashSet<>();
        Set<String> owners = new HashSet<>();
        for (JsonNode volume : agent.api().get("/v2/volumes")) {
            String name = volume.path("name").asString();
            assertThat(names.add(name)).as("one record of " + name).isTrue();
            ids.add(volume.path("id").asString());
            owners.add(volume.path("owner").asString());
            long epoch = volume.path("epoch").asLong();
            assertThat(epoch).as("epoch of " + name).isGreaterThanOrEqualTo(epoch(name));
            epochs.put(name, epoch);
            if (volume.path("state").asString().equals("active")) {
                assertMarked(volume);
            }
        }
        assertThat(owners).as("owners").hasSizeLessThanOrEqualTo(1);
        for (JsonNode trashed : agent.api().get("/v2/volume-trash")) {
            ids.add(trashed.path("id").asString());
        }
        for (Path folder : folders()) {
            assertThat(ids).as("bytes and records").contains(String.valueOf(folder.getFileName()));
            assertThat(folder.resolve("tree.tmp")).doesNotExist();
            assertThat(folder.resolve("tree.old")).doesNotExist();
            assertThat(folder.resolve("image.tmp")).doesNotExist();
        }
        List<String> points =
                agent.mountLines().stream().map(line -> line.split(" ", -1)[4]).toList();
        assertThat(points).as("mounts of volumes").doesNotHaveDuplicates();
    }

    private long epoch(String name) {
        return epochs.getOrDefault(name, 0L);
    }

    private void assertMarked(JsonNode volume) {
        String id = volume.path("id").asString();
        Path folder =
                folders().stream()
                        .filter(path -> path.endsWith(id))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("No bytes of " + volume));
        assertThat(text(folder.resolve(".vol.json")).replace(" ", ""))
                .as("the marker of " + volume)
                .contains("\"id\":\"" + id + "\"")
                .contains("\"epoch\":" + volume.path("epoch").asLong() + ",")
                .contains("\"state\":\"live\"");
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The folders of volumes in all pools. */
    private List<Path> folders() {
        List<Path> found = new ArrayList<>();
        for (JsonNode pool : agent.api().get("/v2/volume-pools")) {
            Path path = agent.file(pool.path("path").asString());
            if (Files.isDirectory(path)) {
                try (Stream<Path> files = Files.list(path)) {
                    files.filter(file -> file.getFileName().toString().length() == 36)
                            .forEach(found::add);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        return found;
    }

    /**
     * Removes all containers and volumes for good: then nothing is mounted, no loop device is left,
     * and the pools are empty.
     */
    void assertNothingIsLeft() {
        agent.removeContainers();
        Awaitility.await("the end of all volumes")
                .atMost(PATIENCE)
                .untilAsserted(
                        () -> {
                            for (String name : agent.api().names()) {
                                agent.api().remove(name, "delete");
                            }
                        });
        for (JsonNode trashed : agent.api().get("/v2/volume-trash")) {
            String id = trashed.path("id").asString();
            agent.api().ok("DELETE", "/v2/volume-trash/" + id + "?wait=60s", "");
        }
        assertThat(folders()).as("folders of bytes").isEmpty();
        assertThat(agent.mountLines()).as("mounts").isEmpty();
        assertThat(loopDevices()).as("loop devices").isEmpty();
    }

    /** The images of volumes of this host that are devices. */
    List<String> loopDevices() {
        return agent.on("losetup", "--list", "--noheadings", "--output", "BACK-FILE")
                .lines()
                .filter(file -> file.contains(VolumesAgent.HOME + "/"))
                .toList();
    }
}
