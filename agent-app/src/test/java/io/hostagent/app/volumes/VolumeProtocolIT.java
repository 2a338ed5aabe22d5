// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.volumes;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.app.volumes.PluginWire.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The plugin's socket, byte by byte, with whatever engines and others send. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class VolumeProtocolIT extends OnVolumesAgent {

    private static final String ID = "5".repeat(64);
    private static final String V12 = "Accept: application/vnd.docker.plugins.v1.2+json\r\n";

    /** The folder of all volumes is a disk of its own, which can be made to stand still. */
    @BeforeAll
    static void start() {
        agent = VolumesAgent.onNewHost("26", Map.of());
        agent.mountDiskAtHome("ext4", "512M");
        agent.start();
    }

    @AfterAll
    static void end() {
        agent.close();
    }

    @Test
    @Order(1)
    @DisplayName("C-44: a list without volumes is a list")
    void listsNoVolumes() {
        Answer answer = agent.plugin().call("VolumeDriver.List", "{}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).contains("\"Volumes\":[]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Create", "Remove", "Mount", "Unmount", "Path", "Get"})
    @DisplayName("C-40: a call that names no volume is an error and changes nothing")
    void refusesACallWithoutAName(String call) {
        agent.in("c40", "echo kept >/d/f");
        Set<String> before = agent.filesBelow(VolumesAgent.HOME);
        JsonNode known = agent.api().get("/v2/volumes");

        for (String body : bodies()) {
            Answer answer = agent.plugin().call("VolumeDriver." + call, body);
            assertThat(answer.status()).as(start(body)).isEqualTo(200);
            assertThat(answer.err()).as(start(body)).isNotEmpty();
            assertThat(answer.json().path("Mountpoint").asString("")).isEmpty();
        }

        assertThat(agent.api().get("/v2/volumes")).isEqualTo(known);
        assertThat(agent.filesBelow(VolumesAgent.HOME)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Plugin.Activate", "VolumeDriver.List", "VolumeDriver.Capabilities"})
    @DisplayName("C-40: a call that needs no name is answered whatever comes with it")
    void answersACallThatNeedsNoName(String call) {
        String usual = agent.plugin().call(call, "{}").body();

        for (String body : bodies()) {
            Answer answer = agent.plugin().call(call, body);
            assertThat(answer.status()).as(start(body)).isEqualTo(200);
            assertThat(answer.body()).as(start(body)).isEqualTo(usual);
        }
    }

    private static List<String> bodies() {
        return List.of(
                "",
                "{}",
                "{",
                "junk",
                "[]",
                "null",
                "\"text\"",
                "{\"Name\":null}",
                "{\"Name\":\"\"}",
                "{\"Name\":7}",
                "{\"Name\":[\"c40\"]}",
                "x".repeat(1 << 20),
                "{\"Name\":\"" + "x".repeat(1 << 20) + "\"}");
    }

    private static String start(String body) {
        return "body " + body.substring(0, Math.min(20, body.length()));
    }

    @Test
    @DisplayName("C-41: heads of engines of all times are understood")
    void understandsHeadsOfAllEngines() {
        agent.plugin().create("c41", "{}");
        for (String head :
                List.of(
                        "Host: \r\n" + V12,
                        "Host: plugin.moby.localhost\r\n" + V12,
                        "Host: \r\nAccept: application/vnd.docker.plugins.v1+json\r\n",
                        "Host: \r\n",
                        "Host: \r\nContent-Type: application/json\r\n" + V12,
                        "Host: \r\nContent-Type: text/plain\r\n",
                        "Host: \r\nAccept: text/html\r\n")) {
            Answer answer =
                    agent.plugin().call("POST", "VolumeDriver.Get", head, "{\"Name\":\"c41\"}");
            assertThat(answer.status()).as(head).isEqualTo(200);
            assertThat(answer.err()).as(head).isEmpty();
            assertThat(answer.json().path("Volume").path("Name").asString()).isEqualTo("c41");
        }
    }

    @Test
    @DisplayName("C-42: unknown fields, and mounts without an ID, are no mistake")
    void takesUnknownFieldsAndMountsWithoutAnId() {
        PluginWire plugin = agent.plugin();
        assertThat(
                        plugin.call(
                                        "VolumeDriver.Create",
                                        "{\"Name\":\"c42\",\"Opts\":null,\"Later\":{\"a\":[1]}}")
                                .err())
                .isEmpty();

        Answer mounted = plugin.call("VolumeDriver.Mount", "{\"Name\":\"c42\",\"X\":1}");

        assertThat(mounted.err()).isEmpty();
        assertThat(mounted.json().path("Mountpoint").asString())
                .startsWith(VolumesAgent.HOME + "/mounts/");
        assertThat(plugin.call("VolumeDriver.Path", "{\"Name\":\"c42\"}").json().path("Mountpoint"))
                .isEqualTo(mounted.json().path("Mountpoint"));
        assertThat(agent.mounts("c42")).hasSize(1);
        assertThat(plugin.call("VolumeDriver.Unmount", "{\"Name\":\"c42\"}").err()).isEmpty();
        Awaitility.await().untilAsserted(() -> assertThat(agent.mounts("c42")).isEmpty());
    }

    @Test
    @DisplayName("C-43: another method is a 405, another path a 404")
    void knowsMethodsAndPaths() {
        PluginWire plugin = agent.plugin();
        String head = "Host: \r\n";
        assertThat(plugin.call("GET", "VolumeDriver.List", head, "").status()).isEqualTo(405);
        assertThat(plugin.call("PUT", "Plugin.Activate", head, "{}").status()).isEqualTo(405);
        assertThat(plugin.call("VolumeDriver.Resize", "{}").status()).isEqualTo(404);
        assertThat(plugin.call("", "{}").status()).isEqualTo(404);
        assertThat(plugin.call("v2/volumes", "{}").status()).isEqualTo(404);
        assertThat(plugin.answers()).isTrue();
    }

    @Test
    @DisplayName("C-44: a list has no null, and times are as the engine reads them")
    void listsVolumes() {
        agent.plugin().create("c44", "{}");

        Answer list = agent.plugin().call("VolumeDriver.List", "{}");
        JsonNode volume = agent.plugin().get("c44").json().path("Volume");

        assertThat(list.body()).doesNotContain("null");
        List<String> names = new ArrayList<>();
        list.json().path("Volumes").forEach(one -> names.add(one.path("Name").asString()));
        assertThat(names).containsExactlyInAnyOrderElementsOf(agent.api().names());
        assertThat(Instant.parse(volume.path("CreatedAt").asString()))
                .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(1));
        assertThat(volume.path("Status").isObject()).isTrue();
        assertThat(agent.plugin().get("c44").body()).doesNotContain("null");
    }

    @Test
    @DisplayName("C-45: an unknown volume is an error, and the engine says that there is none")
    void knowsNoOtherVolumes() {
        assertThat(agent.plugin().get("c45").err()).isNotEmpty();
        assertThat(agent.plugin().get("c45").json().path("Volume").isMissingNode()).isTrue();
        assertThat(agent.plugin().mount("c45", ID).err()).contains("c45");
        assertThat(agent.docker("volume", "inspect", "c45").err()).contains("no such volume");
    }

    @Test
    @DisplayName(
            "C-46: an engine hears at once that the plugin is there, whatever else stands still")
    void answersAtOnceWhileAllElseStandsStill() throws Exception {
        agent.in("c46", "echo kept >/d/f");
        Future<Answer> create;
        try (ExecutorService caller = Executors.newSingleThreadExecutor()) {
            agent.signalEngine("STOP");
            agent.freezeHome();
            try {
                create = caller.submit(() -> agent.plugin().create("c46-late", "{}"));
                agent.awaitBlockedThread();
                Map<String, Supplier<Answer>> calls = new LinkedHashMap<>();
                calls.put("Activate", () -> agent.plugin().call("Plugin.Activate", ""));
                calls.put(
                        "Capabilities",
                        () -> agent.plugin().call("VolumeDriver.Capabilities", "{}"));
                calls.put("Get", () -> agent.plugin().get("c46"));
                calls.put("List", () -> agent.plugin().call("VolumeDriver.List", "{}"));
                calls.put(
                        "Path",
                        () -> agent.plugin().call("VolumeDriver.Path", "{\"Name\":\"c46\"}"));
                calls.forEach(
                        (name, call) -> {
                            Duration fastest = fastest(call);
                            assertThat(fastest).as(name).isLessThan(Duration.ofMillis(50));
                        });
                assertThat(agent.plugin().get("c46").err()).isEmpty();
                assertThat(create.isDone()).isFalse();
            } finally {
                agent.thawHome();
                agent.signalEngine("CONT");
            }
            assertThat(create.get().err()).isEmpty();
        }
        assertThat(agent.in("c46", "cat /d/f")).isEqualTo("kept");
    }

    /** Of five: this machine does other things, too. */
    private static Duration fastest(Supplier<Answer> call) {
        return IntStream.range(0, 5)
                .mapToObj(i -> call.get())
                .peek(answer -> assertThat(answer.status()).isEqualTo(200))
                .map(Answer::took)
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    @Test
    @Order(Integer.MAX_VALUE)
    @DisplayName("C-47: a thousand volumes are looked through in less than 20 ms")
    void isFastWithAThousandVolumes() {
        agent.invariants().assertNothingIsLeft();
        inParallel(
                8, 1000, i -> assertThat(agent.plugin().create("c47-" + i, "{}").err()).isEmpty());

        assertThat(percentile99(i -> agent.plugin().get("c47-" + i * 7)))
                .isLessThan(Duration.ofMillis(20));
        assertThat(percentile99(i -> agent.plugin().call("VolumeDriver.List", "{}")))
                .isLessThan(Duration.ofMillis(20));
        assertThat(
                        agent.dockerOk("volume", "ls", "--quiet")
                                .lines()
                                .filter(name -> name.startsWith("c47-")))
                .hasSize(1000);
    }

    /** The call that 99 of 100 are faster than, in the best of some rounds. */
    private static Duration percentile99(IntFunction<Answer> call) {
        return IntStream.range(0, 8)
                .mapToObj(
                        round ->
                                IntStream.range(0, 100)
                                        .mapToObj(i -> call.apply(i).took())
                                        .sorted()
                                        .toList()
                                        .get(98))
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    @Test
    @DisplayName("C-48: fifty mounts at once are one mount on the host, and one end of it")
    void mountsAVolumeOnce() {
        agent.plugin().create("c48", "{}");

        inParallel(
                50,
                50,
                i -> {
                    Answer answer = agent.plugin().mount("c48", id(i));
                    assertThat(answer.err()).isEmpty();
                    assertThat(answer.json().path("Mountpoint").asString()).endsWith("/_data");
                });
        assertThat(agent.mounts("c48")).hasSize(1);
        inParallel(50, 50, i -> assertThat(agent.plugin().unmount("c48", id(i)).err()).isEmpty());

        Awaitility.await().untilAsserted(() -> assertThat(agent.mounts("c48")).isEmpty());
        assertThat(agent.api().events("c48").stream().filter("unmount"::equals)).hasSize(1);
        assertThat(agent.api().users("c48")).isEmpty();
    }

    private static String id(int i) {
        return String.format("%064x", i + 1);
    }

    private static void inParallel(int threads, int count, IntConsumer work) {
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int number = i;
                all.add(executor.submit(() -> work.accept(number)));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        }
    }
}
