// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.volumes;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.lab.CommandResult;
import io.hostagent.lab.RunningCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Agents that are replaced, killed in the middle of things, and started on what that left. */
class VolumeAgentLifeIT extends OnVolumesAgent {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    /** The folder of all volumes is a disk of its own, which can be made to stand still. */
    @BeforeAll
    static void start() {
        agent = VolumesAgent.onNewHost("26", Map.of());
        agent.mountDiskAtHome("ext4", "512M");
        agent.start();
    }

    @AfterAll
    static void end() {
        removeAll();
    }

    @Test
    @DisplayName("C-56: an agent is replaced under writers, which do not notice")
    void isReplacedUnderWriters() {
        agent.create("c56-loop", "backend=loop", "size=64m");
        agent.create("c56-btrfs", "backend=btrfs");
        List<Writer> writers = new ArrayList<>();
        for (String name : List.of("c56-loop", "c56-btrfs", "c56-directory")) {
            writers.add(Writer.start(agent, name, name));
        }
        List<JsonNode> before =
                writers.stream().map(one -> agent.api().volume(one.volume())).toList();
        List<String> mounts = agent.mountLines();

        agent.stop();
        writers.forEach(Writer::awaitMore);
        agent.start();
        writers.forEach(Writer::awaitMore);

        assertThat(agent.mountLines()).containsExactlyInAnyOrderElementsOf(mounts);
        assertThat(writers.stream().map(one -> agent.api().volume(one.volume())).toList())
                .isEqualTo(before);
        for (Writer writer : writers) {
            writer.check();
            assertThat(writer.largestGap()).isLessThan(Duration.ofSeconds(3));
            assertThat(agent.plugin().remove(writer.volume()).err()).contains(writer.name());
        }
        agent.removeContainers();
        for (Writer writer : writers) {
            awaitFree(writer.volume());
        }
    }

    @Test
    @DisplayName(
            "C-51: a container that starts while the agent is away starts, or fails with a reason")
    void aContainerStartsWhileTheAgentIsAway() {
        agent.in("c51", "echo kept >/d/f");
        agent.kill();
        CompletableFuture<CommandResult> run =
                CompletableFuture.supplyAsync(
                        () ->
                                agent.docker(
                                        "run",
                                        "--rm",
                                        "--volume=c51:/d",
                                        VolumesAgent.IMAGE,
                                        "cat",
                                        "/d/f"));
        agent.start();

        CommandResult result = run.join();

        if (!result.succeeded()) {
            assertThat(result.err()).contains("error while");
        } else {
            assertThat(result.out()).isEqualTo("kept\n");
        }
        assertThat(agent.in("c51", "cat /d/f")).isEqualTo("kept");
    }

    @ParameterizedTest
    @CsvSource({
        "mount,run --rm --network=none -v f31-mount:/d lab/workload:1 true",
        "create,volume create -d hostagent f31-create",
        "remove,volume rm f31-remove",
        "unmount,rm --force f31-unmount",
    })
    @DisplayName("F-31: an agent that is killed in the middle of a call leaves nothing half done")
    void isKilledInTheMiddleOfACall(String call, String command) throws IOException {
        String name = "f31-" + call;
        if (!call.equals("create")) {
            agent.create(name);
        }
        if (call.equals("unmount") || call.equals("remove")) {
            agent.in(name, "echo kept >/d/f");
            awaitFree(name);
        }
        String id = call.equals("create") ? "" : agent.api().volume(name).path("id").asString();
        if (call.equals("unmount")) {
            agent.dockerOk(
                    "run",
                    "--detach",
                    "--name=" + name,
                    "--volume=" + name + ":/d",
                    VolumesAgent.IMAGE,
                    "sleep",
                    "1000000");
        }
        RunningCommand client;
        agent.freezeHome();
        try {
            client = agent.cli().start(command.split(" ", -1));
            agent.awaitBlockedThread();
            agent.killWithoutWaiting();
        } finally {
            agent.thawHome();
        }
        agent.awaitKilled();
        agent.start();
        CommandResult result = client.await(LIMIT);

        agent.invariants().check();
        assertThat(result.out() + result.err()).doesNotContain("panic");
        switch (call) {
            case "remove" -> {
                if (agent.api().names().contains(name)) {
                    assertThat(agent.in(name, "cat /d/f")).isEqualTo("kept");
                    Awaitility.await()
                            .atMost(LIMIT)
                            .untilAsserted(() -> agent.dockerOk("volume", "rm", name));
                }
                assertThat(agent.api().names()).doesNotContain(name);
                assertThat(agent.api().trash(name)).hasSize(1);
            }
            case "create" -> {
                agent.create(name);
                assertThat(agent.api().names()).containsOnlyOnce(name);
                assertThat(agent.in(name, "ls -A /d")).isEmpty();
            }
            default -> {
                assertThat(agent.api().volume(name).path("id").asString()).isEqualTo(id);
                assertThat(agent.in(name, "echo again >>/d/f; tail -n 1 /d/f")).isEqualTo("again");
                agent.removeContainers();
                // Whatever the engine was told, what is there is what counts.
                assertThat(agent.mounts(name)).hasSizeLessThanOrEqualTo(1);
            }
        }
    }

    @Test
    @DisplayName("F-41: a record or a cache that was cut off is made again out of the others")
    void damagedRecordsAreMadeAgain() throws IOException {
        agent.in("f41", "echo kept >/d/f");
        JsonNode before = agent.api().volume("f41");
        for (String folder : List.of("known", "catalog")) {
            agent.kill();
            damage(agent.file(VolumesAgent.HOME + "/state/" + folder), "f41");
            agent.start();

            JsonNode after = agent.api().volume("f41");
            for (String same : List.of("id", "epoch", "state", "owner", "backend", "size")) {
                assertThat(after.path(same)).as(folder + " " + same).isEqualTo(before.path(same));
            }
            assertThat(agent.in("f41", "cat /d/f")).isEqualTo("kept");
        }
    }

    /** Cuts off the file in which a name is. */
    private static void damage(Path folder, String name) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(file);
                if (text.contains("\"" + name + "\"")) {
                    Files.writeString(
                            file,
                            text.substring(0, text.length() / 2),
                            StandardOpenOption.TRUNCATE_EXISTING);
                    return;
                }
            }
        }
        throw new AssertionError("no record of " + name + " in " + folder);
    }

    @Test
    @DisplayName(
            "F-41: an agent that is killed while it writes records finds all that it had said yes to")
    void isKilledWhileItWritesRecords() {
        List<String> created = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            int first = round * 1000;
            CompletableFuture<Void> creating =
                    CompletableFuture.runAsync(
                            () -> {
                                for (int i = first; ; i++) {
                                    String name = "f41-" + i;
                                    if (!agent.plugin().create(name, "{}").err().isEmpty()) {
                                        return;
                                    }
                                    synchronized (created) {
                                        created.add(name);
                                    }
                                }
                            });
            int before = created.size();
            Awaitility.await().until(() -> created.size() > before + 20);
            agent.kill();
            assertThat(creating).failsWithin(LIMIT);
            agent.start();

            assertThat(agent.api().names()).containsAll(created).doesNotHaveDuplicates();
            agent.invariants().check();
        }
        for (String name : agent.api().names()) {
            if (name.startsWith("f41-")) {
                agent.api().remove(name, "delete");
            }
        }
    }

    @Test
    @DisplayName("F-41: with a full disk nothing new is made, and what there is goes on")
    void aFullDiskIsSaidAndSurvived() {
        Writer writer = Writer.start(agent, "f41-full", "f41-full");
        agent.create("f41-btrfs", "backend=btrfs");
        Writer other = Writer.start(agent, "f41-btrfs", "f41-btrfs");
        writer.stop();
        agent.on(
                "sh",
                "-c",
                "dd if=/dev/zero of="
                        + VolumesAgent.HOME
                        + "/ballast bs=1M 2>/dev/null; sync; true");
        agent.on(
                "sh",
                "-c",
                "i=0; while echo x >"
                        + VolumesAgent.HOME
                        + "/ballast-$i; do i=$((i+1)); done 2>/dev/null; true");
        try {
            CommandResult result =
                    agent.docker("volume", "create", "-d", VolumesAgent.DRIVER, "f41-new");
            assertThat(result.succeeded()).isFalse();
            assertThat(result.err()).containsIgnoringCase("space");
            assertThat(agent.plugin().get("f41-full").err()).isEmpty();
            other.awaitMore();
        } finally {
            agent.on("sh", "-c", "rm " + VolumesAgent.HOME + "/ballast*");
        }
        other.check();
        agent.invariants().check();
        assertThat(agent.api().names()).doesNotContain("f41-new");
        agent.create("f41-new");
        assertThat(agent.in("f41-new", "echo x >/d/f; cat /d/f")).isEqualTo("x");
    }

    @ParameterizedTest
    @CsvSource({"+1d", "-1d"})
    @DisplayName("F-36: a clock that is a day wrong changes nothing of volumes")
    void aWrongClockChangesNothing(String shift) {
        agent.in("f36", "echo kept >/d/f");
        Writer writer = Writer.start(agent, "f36-writer", "f36-writer");
        JsonNode before = agent.api().volume("f36");
        agent.stop();
        agent.setClock(shift);
        try {
            agent.start();
            assertThat(agent.api().volume("f36")).isEqualTo(before);
            assertThat(agent.in("f36", "cat /d/f")).isEqualTo("kept");
            assertThat(agent.plugin().remove("f36-writer").err()).contains("f36-writer");
            agent.in("f36-new", "echo x >/d/f");
            Awaitility.await().untilAsserted(() -> agent.dockerOk("volume", "rm", "f36-new"));
            assertThat(agent.api().trash("f36-new")).isNotEmpty();
            agent.invariants().check();
        } finally {
            agent.stop();
            agent.setClock("");
            agent.start();
        }
        writer.awaitMore();
        writer.check();
        writer.stop();
        awaitFree("f36-writer");
    }
}
