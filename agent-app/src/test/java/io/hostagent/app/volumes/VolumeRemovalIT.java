// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.volumes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.app.fixture.UnixServer;
import io.hostagent.lab.CommandResult;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The end of volumes, what keeps it off, and the way back. */
class VolumeRemovalIT extends OnVolumesAgent {

    private static final long MIB = 1 << 20;

    /** The agent looks for labels five seconds after a volume was created. */
    private static final Duration LABELLED = Duration.ofSeconds(30);

    @BeforeAll
    static void start() {
        agent =
                VolumesAgent.start(
                        "26", Map.of("VOLUMES_TRASH_RETENTION", "5s", "CAP_METRICS", "1"));
    }

    @AfterAll
    static void end() {
        removeAll();
    }

    @Test
    @DisplayName("C-23: a name that is used again right away is a new volume, which is empty")
    void aNameThatIsUsedAgainIsANewVolume() {
        agent.in("c23", "echo old >/d/f");
        JsonNode old = agent.api().volume("c23");
        agent.dockerOk("volume", "rm", "c23");

        assertThat(agent.in("c23", "ls -A /d")).isEmpty();

        JsonNode fresh = agent.api().volume("c23");
        assertThat(fresh.path("id")).isNotEqualTo(old.path("id"));
        assertThat(fresh.path("epoch").asLong()).isGreaterThan(old.path("epoch").asLong());
    }

    @Test
    @DisplayName("a volume that has filled its pool on btrfs can be deleted, and makes room by it")
    void deletesWhatHasFilledItsPool() {
        agent.create("full", "backend=btrfs");
        agent.in("full", "dd if=/dev/zero of=/d/f bs=1M 2>/dev/null; sync");
        agent.api().post("/v2/volumes/full/snapshots", "{\"name\":\"s\"}");
        assertThat(agent.docker("volume", "rm", "full").err()).contains("No space left");

        Awaitility.await().untilAsserted(() -> agent.api().remove("full", "delete"));

        agent.create("room", "backend=btrfs");
        agent.in("room", "dd if=/dev/zero of=/d/f bs=1M count=8 && sync");
        agent.api().remove("room", "delete");
    }

    @ParameterizedTest
    @CsvSource({"trash,1", "delete,0"})
    @DisplayName("C-26: docker volume rm does what the volume's own policy says")
    void removesAsTheVolumeSays(String policy, int trashed) {
        String name = "c26-" + policy;
        agent.create(name, "onremove=" + policy);
        agent.in(name, "echo x >/d/f");

        agent.dockerOk("volume", "rm", name);

        assertThat(agent.api().names()).doesNotContain(name);
        assertThat(agent.api().trash(name)).hasSize(trashed);
    }

    @Test
    @DisplayName("C-26: a volume to be retained stays, whatever engines remove")
    void keepsWhatIsToBeRetained() {
        agent.create("c26-retain", "onremove=retain");
        agent.in("c26-retain", "echo kept >/d/f");
        String id = agent.api().volume("c26-retain").path("id").asString();

        agent.dockerOk("volume", "rm", "c26-retain");

        assertThat(agent.dockerOk("volume", "ls", "--quiet").lines()).contains("c26-retain");
        assertThat(agent.api().volume("c26-retain").path("id").asString()).isEqualTo(id);
        assertThat(agent.in("c26-retain", "cat /d/f")).isEqualTo("kept");
    }

    @Test
    @DisplayName("C-28: an engine that forgot who uses a volume cannot remove it")
    void refusesAnEngineThatForgot() throws IOException {
        agent.dockerOk(
                "volume",
                "create",
                "--driver=" + VolumesAgent.DRIVER,
                "--label=of=c28",
                "--opt=size=64m",
                "c28");
        assertThat(inspect("c28").path("Labels").path("of").asString()).isEqualTo("c28");
        Writer writer = Writer.start(agent, "c28", "c28");
        Awaitility.await()
                .atMost(LABELLED)
                .until(() -> inspect("c28").path("Status").path("labels").path("of").isString());
        JsonNode status = inspect("c28").path("Status");
        agent.stop();
        Files.deleteIfExists(agent.socket());
        try (UnixServer broken =
                UnixServer.listen(
                        agent.socket(),
                        client -> {
                            client.head();
                            client.send(
                                    "HTTP/1.1 200 OK\r\nConnection: close\r\n"
                                            + "Content-Length: 22\r\n\r\n{\"Err\":\"catalog down\"}");
                        })) {
            assertThat(broken).isNotNull();
            assertThat(agent.docker("volume", "inspect", "c28").err()).contains("no such volume");
        }
        Files.deleteIfExists(agent.socket());
        agent.start();
        CommandResult removal = agent.docker("volume", "rm", "c28");

        assertThat(removal.succeeded()).isFalse();
        assertThat(removal.err())
                .contains("in use")
                .contains("c28")
                .doesNotContain("volume is in use");
        assertThat(agent.api().users("c28")).anyMatch(user -> user.contains("c28"));
        writer.awaitMore();
        writer.check();
        assertThat(writer.largestGap()).isLessThan(Duration.ofSeconds(2));
        // Labels are the engine's own: it shows those that it forgot as part of the status alone.
        assertThat(status.path("labels").path("of").asString()).isEqualTo("c28");
        assertThat(inspect("c28").path("Status")).isEqualTo(status);
        assertThat(inspect("c28").path("Labels").isEmpty()).isTrue();
    }

    private static JsonNode inspect(String volume) {
        return JsonMapper.shared().readTree(agent.dockerOk("volume", "inspect", volume)).path(0);
    }

    @Test
    @DisplayName("C-31, C-35: a hold keeps a volume, and ends by itself")
    void aHoldKeepsAVolumeForItsTime() {
        agent.in("c35", "echo kept >/d/f");
        agent.api()
                .ok(
                        "PUT",
                        "/v2/volumes/c35/holds/backup",
                        "{\"why\":\"it is copied\",\"ttl\":\"4s\"}");

        assertThat(agent.docker("volume", "rm", "c35").err()).contains("backup", "it is copied");
        assertThat(agent.api().text("DELETE", "/v2/volumes/c35", ""))
                .startsWith("409")
                .contains("backup");
        assertThat(agent.in("c35", "cat /d/f")).isEqualTo("kept");

        Awaitility.await()
                .untilAsserted(
                        () -> assertThat(agent.api().get("/v2/volumes/c35/holds")).isEmpty());
        Awaitility.await().untilAsserted(() -> agent.dockerOk("volume", "rm", "c35"));
        assertThat(agent.api().names()).doesNotContain("c35");
    }

    @Test
    @DisplayName("C-31: a hold without end is let go by whoever holds")
    void aHoldIsLetGo() {
        agent.api().create("c31", "{}");
        agent.api().ok("PUT", "/v2/volumes/c31/holds/me", "{\"why\":\"I look at it\"}");
        assertThat(agent.api().text("DELETE", "/v2/volumes/c31", ""))
                .startsWith("409")
                .contains("I look at it");

        agent.api().ok("DELETE", "/v2/volumes/c31/holds/me", "");

        agent.api().remove("c31", "delete");
        assertThat(agent.api().names()).doesNotContain("c31");
    }

    @ParameterizedTest
    @ValueSource(strings = {"directory", "loop", "btrfs"})
    @DisplayName("C-80: what is emptied out of the trash gives its room back")
    void emptyingTheTrashGivesRoomBack(String backend) {
        String name = "c80-" + backend;
        String size = backend.equals("loop") ? ",\"size\":\"256m\"" : "";
        agent.api().create(name, "{\"backend\":\"%s\"%s}".formatted(backend, size));
        agent.in(name, "dd if=/dev/urandom of=/d/big bs=1M count=120 conv=fsync 2>/dev/null");
        String id = agent.api().volume(name).path("id").asString();
        Awaitility.await().untilAsserted(() -> agent.api().remove(name, "trash"));
        assertThat(bytesOf(backend, id)).isGreaterThan(100 * MIB);

        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> {
                            agent.api().ok("DELETE", "/v2/volume-trash?wait=60s", "");
                            assertThat(agent.api().trash(name)).isEmpty();
                        });

        assertThat(bytesOf(backend, id)).isZero();
        assertThat(agent.api().events(name)).containsSubsequence("remove", "destroy");
    }

    /** What the folder of a volume takes on its disk. */
    private static long bytesOf(String backend, String id) {
        for (JsonNode pool : agent.api().get("/v2/volume-pools")) {
            if (pool.path("backend").asString().equals(backend)) {
                String folder = pool.path("path").asString() + "/" + id;
                String du = agent.on("sh", "-c", "du -sk " + folder + " 2>/dev/null || echo 0");
                return Long.parseLong(du.split("\\s+", -1)[0]) * 1024;
            }
        }
        throw new AssertionError("There is no pool of " + backend);
    }

    @Test
    @DisplayName("C-68: a local volume of a name that a volume has is an alarm")
    void aLocalVolumeThatShadowsAnotherIsAnAlarm() {
        agent.dockerOk("volume", "create", "c68");
        agent.api().create("c68", "{}");
        agent.dockerOk("run", "--rm", "--volume=c68:/d", VolumesAgent.IMAGE, "true");

        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(agent.api().events("c68")).contains("alarm"));
        agent.dockerOk("volume", "rm", "c68");
    }

    @Test
    @DisplayName("C-70: the diagnostics have all parts, and no secret")
    void diagnosticsTellEverythingButSecrets() throws IOException {
        agent.in("c70", "echo the-content-of-a-file >/d/f");
        byte[] archive = agent.api().send("GET", "/v2/volume-diagnostics", "").body();
        Map<String, String> parts = new HashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                parts.put(entry.getName(), new String(zip.readAllBytes(), UTF_8));
            }
        }

        assertThat(parts.keySet())
                .contains(
                        "versions.json",
                        "volumes.json",
                        "pools.json",
                        "trash.json",
                        "operations.json",
                        "events.json",
                        "mounts.txt")
                .noneMatch(name -> name.endsWith(".error.txt"));
        assertThat(parts.get("volumes.json")).contains("\"c70\"");
        assertThat(parts.get("events.json")).contains("c70", "mount");
        for (Map.Entry<String, String> part : parts.entrySet()) {
            assertThat(part.getValue())
                    .as(part.getKey())
                    .doesNotContain(VolumesAgent.SECRET, "the-content-of-a-file", "PRIVATE KEY");
        }
    }

    @Test
    @DisplayName("C-79: everything that is done is an event, and counted")
    void tellsOfEverythingThatIsDone() {
        agent.in("c79", "echo x >/d/f");
        Awaitility.await()
                .untilAsserted(() -> assertThat(agent.api().events("c79")).contains("unmount"));
        agent.api().post("/v2/volumes/c79/snapshots", "{\"name\":\"one\"}");
        agent.api().post("/v2/volumes/c79/restore", "{\"snapshot\":\"one\"}");
        agent.api().ok("DELETE", "/v2/volumes/c79/snapshots/one", "");
        agent.api().remove("c79", "trash");
        String id = agent.api().trash("c79").getFirst().path("id").asString();
        agent.api().ok("POST", "/v2/volume-trash/" + id + "/undelete", "{}");

        assertThat(agent.api().events("c79"))
                .containsSubsequence(
                        List.of(
                                "create",
                                "mount",
                                "unmount",
                                "snapshot",
                                "restore",
                                "snapshot-delete",
                                "remove",
                                "undelete"));
        List<String> metrics = agent.api().text("GET", "/metrics", "").lines().toList();
        assertThat(metrics)
                .anyMatch(line -> line.startsWith("agent_volume_info{") && line.contains("\"c79\""))
                .anyMatch(line -> line.startsWith("agent_volume_events_total{"))
                .anyMatch(line -> line.startsWith("agent_volume_pool_free_bytes{"));
    }
}
