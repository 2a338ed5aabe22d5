// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.volumes;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.lab.CommandResult;
import io.hostagent.lab.RunningCommand;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;

/** Disks that are full, missing, cut off or standing still, and users that hide. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class VolumeFaultsIT extends OnVolumesAgent {

    private static final String SHARED = "/srv/shared";

    /** From the agent's answer, 110 s, to the moment when the engine gives up. */
    private static final Duration ENGINE_LIMIT = Duration.ofMinutes(2);

    /** A mount that nobody waits for is given back at once; what was asked for counts for 130 s. */
    private static final Duration GIVEN_BACK = Duration.ofSeconds(20);

    private static final Duration AT_ONCE = Duration.ofSeconds(2);
    private static final String NEXT = "6".repeat(64);

    /** A container whose volume cannot be mounted, since the pool on btrfs stands still. */
    @SuppressWarnings("NullAway.Init") // set before all tests
    private static RunningCommand slow;

    @BeforeAll
    static void start() {
        agent = VolumesAgent.onNewHost("26", Map.of("VOLUMES_SHARED_PATH", SHARED));
        // A snapshot of this disk is what a loss of power leaves on it.
        agent.mountDiskAtHome("btrfs", "1G");
        agent.on("truncate", "--size=128M", SHARED + ".image");
        agent.on("mkfs.ext4", "-q", SHARED + ".image");
        agent.on("mkdir", SHARED);
        mountShared();
        // As an operator does once: only what a server shares is known to be shared by itself.
        agent.on("touch", SHARED + "/.host-agent-shared");
        agent.start();
        agent.create("f32", "backend=btrfs");
        agent.on("fsfreeze", "--freeze", VolumesAgent.BTRFS);
        slow =
                agent.cli()
                        .start("run", "--name=f32", "--volume=f32:/d", VolumesAgent.IMAGE, "true");
    }

    private static void mountShared() {
        agent.on("mount", "-o", "loop", SHARED + ".image", SHARED);
    }

    @AfterAll
    static void end() {
        // Whatever the tests came to: a disk that stands still outlives its host.
        agent.host().exec("fsfreeze", "--unfreeze", VolumesAgent.BTRFS);
        slow.close();
        removeAll();
    }

    /** The container whose volume cannot be mounted is not to be removed by each test. */
    @Override
    @AfterEach
    void check() {
        agent.invariants().check();
    }

    @Test
    @DisplayName(
            "F-21: with a full pool no copy is made, nothing is left of it, and the volume is whole")
    void aFullPoolLeavesNothingHalfMade() {
        agent.in(
                "f21",
                "dd if=/dev/urandom of=/d/big bs=1M count=200 2>/dev/null; sha256sum /d/big >/d/sum");
        agent.on(
                "sh",
                "-c",
                "dd if=/dev/zero of="
                        + VolumesAgent.HOME
                        + "/ballast bs=1M count=450 conv=fsync 2>/dev/null; true");
        String path = "/v2/volumes/f21";
        try {
            // btrfs shares the bytes of a copy, so that it is the others that need room.
            String clone =
                    agent.api()
                            .text(
                                    "POST",
                                    path + "/clone?wait=60s",
                                    "{\"to\":\"f21-copy\",\"options\":{\"backend\":\"shared\"}}");
            assertThat(clone).startsWith("50").contains("No space left");
            assertThat(agent.api().names()).doesNotContain("f21-copy");
            agent.invariants().check();
        } finally {
            agent.on("rm", VolumesAgent.HOME + "/ballast");
        }
        assertThat(agent.in("f21", "sha256sum -c /d/sum")).contains("OK");
        assertThat(agent.api().get(path + "/snapshots")).isEmpty();
        Awaitility.await().untilAsserted(() -> agent.api().remove("f21", "delete"));
    }

    @Test
    @DisplayName("F-23: a user with a mount of its own keeps a volume, and is named")
    void aHiddenUserKeepsAVolume() {
        Writer writer = Writer.start(agent, "f23", "f23");
        String id = agent.api().volume("f23").path("id").asString();
        // Has a copy of the mount that ends with nothing but this container.
        String hidden =
                agent.dockerOk(
                        "run",
                        "--detach",
                        "--name=f23-hidden",
                        "--volume=/srv:/host",
                        VolumesAgent.IMAGE,
                        "sh",
                        "-c",
                        "exec 3>>/host/volumes/mounts/" + id + "/_data/hidden; exec sleep 1000000");
        agent.api().post("/v2/volumes/f23/snapshots", "{\"name\":\"s\"}");
        writer.stop();

        Awaitility.await()
                .during(Duration.ofSeconds(4))
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(agent.api().users("f23")).isNotEmpty());
        for (String refused :
                new String[] {
                    agent.api().text("DELETE", "/v2/volumes/f23?onremove=delete&wait=60s", ""),
                    agent.api()
                            .text(
                                    "POST",
                                    "/v2/volumes/f23/restore?wait=60s",
                                    "{\"snapshot\":\"s\"}"),
                }) {
            assertThat(refused).startsWith("409").contains(hidden.substring(0, 12));
        }
        agent.dockerOk("rm", "--force", "f23-hidden");
        Awaitility.await().untilAsserted(() -> agent.api().remove("f23", "delete"));
    }

    @Test
    @DisplayName("F-43: a shared disk that is not mounted is no place to write to")
    void aSharedDiskThatIsMissingIsNotWrittenBeside() {
        agent.create("f43", "backend=shared");
        assertThat(agent.in("f43", "echo kept >/d/f; cat /d/f")).isEqualTo("kept");
        Awaitility.await().untilAsserted(() -> assertThat(agent.mounts("f43")).isEmpty());
        agent.on("umount", SHARED);
        try {
            Set<String> files = agent.filesBelow(SHARED);
            CommandResult run =
                    agent.docker(
                            "run",
                            "--rm",
                            "--volume=f43:/d",
                            VolumesAgent.IMAGE,
                            "touch",
                            "/d/lost");
            CommandResult made =
                    agent.docker(
                            "volume",
                            "create",
                            "-d",
                            VolumesAgent.DRIVER,
                            "-o",
                            "backend=shared",
                            "f43-new");

            assertThat(run.succeeded()).isFalse();
            assertThat(run.err()).contains(SHARED);
            assertThat(made.succeeded()).isFalse();
            assertThat(made.err()).contains("shared");
            assertThat(agent.filesBelow(SHARED)).isEqualTo(files);
        } finally {
            mountShared();
        }
        assertThat(agent.in("f43", "ls /d; cat /d/f")).isEqualTo("f\nkept");
    }

    @Test
    @DisplayName("F-44: whatever moment the power goes, the volume is sound and has every line")
    void aLossOfPowerLosesNoAcknowledgedLine() {
        agent.create("f44", "backend=loop", "size=64m");
        Writer writer = Writer.start(agent, "f44", "f44");
        String image =
                pool("loop").substring(VolumesAgent.HOME.length())
                        + "/"
                        + agent.api().volume("f44").path("id").asString()
                        + "/image";
        agent.on("mkdir", "/srv/after");
        for (int i = 0; i < 4; i++) {
            writer.awaitMore();
            int told = writer.count();
            String copy = VolumesAgent.HOME + "/moment-" + i;
            agent.on("btrfs", "subvolume", "snapshot", VolumesAgent.HOME, copy);

            agent.on("mount", "-o", "loop", copy + image, "/srv/after");
            assertThat(Writer.linesIn(agent.file("/srv/after/_data"))).isGreaterThanOrEqualTo(told);
            agent.on("umount", "/srv/after");
            agent.on("e2fsck", "-f", "-n", copy + image);
            agent.on("btrfs", "subvolume", "delete", copy);
        }
        writer.check();
        writer.stop();
    }

    private static String pool(String backend) {
        for (JsonNode pool : agent.api().get("/v2/volume-pools")) {
            if (pool.path("backend").asString().equals(backend)) {
                return pool.path("path").asString();
            }
        }
        throw new AssertionError("There is no pool of " + backend);
    }

    @Test
    @Order(Integer.MAX_VALUE)
    @DisplayName(
            "F-32, C-47: a mount that takes too long is told to the engine in time, goes on, and"
                    + " leaves no user")
    void aMountThatTakesTooLongGoesOn() {
        CommandResult late;
        try {
            late = slow.await(ENGINE_LIMIT);
        } finally {
            agent.on("fsfreeze", "--unfreeze", VolumesAgent.BTRFS);
        }
        assertThat(late.duration()).isBetween(Duration.ofSeconds(100), Duration.ofSeconds(115));
        assertThat(late.err()).contains("still being mounted", "retry");
        Awaitility.await()
                .atMost(GIVEN_BACK)
                .untilAsserted(
                        () -> {
                            assertThat(agent.api().events("f32")).contains("mount");
                            assertThat(agent.api().users("f32")).isEmpty();
                        });
        agent.dockerOk("rm", "f32");
        PluginWire.Answer next = agent.plugin().mount("f32", NEXT);
        assertThat(next.err()).isEmpty();
        assertThat(next.took()).isLessThan(AT_ONCE);
        agent.plugin().unmount("f32", NEXT);

        assertThat(agent.in("f32", "echo x >/d/f; cat /d/f")).isEqualTo("x");
        Awaitility.await()
                .atMost(GIVEN_BACK)
                .untilAsserted(() -> agent.api().remove("f32", "delete"));
    }
}
