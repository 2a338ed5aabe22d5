// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hostagent.capability.volumes.event.VolumeEvent;
import io.hostagent.core.json.JsonTree;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LateStarterTests {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String LIST =
            "GET /containers/json?all=1&filters={\"status\":[\"exited\",\"created\"]}";

    /** What Docker 26.1 says when the plugin's socket is not there. */
    private static final String NO_PLUGIN =
            "error while mounting volume '': error looking up volume plugin x: plugin \\\"x\\\" not"
                    + " found";

    private final ScriptedDocker docker = new ScriptedDocker();
    private final LateStarter starter =
            new LateStarter(
                    docker.api, "x", docker.events::add, Clock.systemUTC(), Duration.ofMillis(200));

    @AfterEach
    void close() {
        starter.close();
        docker.close();
    }

    private static String item(String id, String driver, String label) {
        return """
               {"Id":"%1$s","Names":["/n%1$s"],"State":"exited","Labels":{%3$s},"Mounts":[
               {"Type":"volume","Name":"v%1$s","Destination":"/d","Driver":"%2$s"}]}"""
                .formatted(id, driver, label);
    }

    private static String details(String state, String error, String policy) {
        return """
               200 {"State":{"Status":"%s","Running":false,"ExitCode":128,"Error":"%s",
               "StartedAt":"2026-01-01T00:00:00Z"},"HostConfig":{"RestartPolicy":
               {"Name":"%s","MaximumRetryCount":0}}}"""
                .formatted(state, error, policy);
    }

    private void containers(String... items) {
        docker.answers.put("GET /containers/json", "200 [" + String.join(",", items) + "]");
    }

    private void begin() {
        starter.opened();
        starter.listed();
    }

    @Test
    void startsWhatFailedForWantOfAVolume() {
        containers(item("a", "x", ""), item("b", "local", ""));
        docker.answers.put("GET /containers/a/json", details("exited", NO_PLUGIN, "always"));
        docker.answers.put("POST /containers/a/start", "204 ");
        begin();

        await().atMost(LIMIT).until(() -> !docker.events.isEmpty());
        await().atMost(LIMIT).until(() -> docker.asked(LIST) == 2);
        await().during(Duration.ofMillis(300)).until(() -> docker.asked(LIST) == 2);

        assertThat(docker.asked("POST /containers/a/start")).isOne();
        assertThat(docker.asked()).noneMatch(line -> line.contains("/containers/b/"));
        assertThat(docker.events)
                .singleElement()
                .satisfies(
                        event -> {
                            assertThat(event.action()).isEqualTo("late-start");
                            assertThat(event.volume()).isEqualTo("va");
                            assertThat(event.details())
                                    .containsAllEntriesOf(Map.of("container", "a", "name", "na"));
                        });
    }

    @Test
    void triesEachContainerOnceForEachConnection() {
        containers(item("a", "x:latest", ""));
        docker.answers.put("GET /containers/a/json", details("created", NO_PLUGIN, "always"));
        docker.answers.put("POST /containers/a/start", "500 {\"message\":\"still no volume\"}");
        begin();

        await().atMost(LIMIT).until(() -> docker.asked(LIST) == 2);
        await().during(Duration.ofMillis(300)).until(() -> docker.asked().size() == 4);
        assertThat(docker.events)
                .extracting(VolumeEvent::action)
                .containsExactly("late-start-failed");
        assertThat(docker.events.getFirst().details()).containsEntry("reason", "still no volume");

        starter.listed();
        await().atMost(LIMIT).until(() -> docker.asked("POST /containers/a/start") == 2);
    }

    @Test
    void waitsForBothTheEngineAndThePlugin() {
        containers();
        starter.listed();
        await().during(Duration.ofMillis(200)).until(() -> docker.asked().isEmpty());
        starter.opened();
        await().atMost(LIMIT).until(() -> docker.asked(LIST) == 2);
    }

    @Test
    void startsAFewAtOnce() {
        List<String> ids = IntStream.range(10, 30).mapToObj(String::valueOf).toList();
        containers(ids.stream().map(id -> item(id, "x", "")).toArray(String[]::new));
        for (String id : ids) {
            docker.answers.put("GET /containers/" + id, details("exited", NO_PLUGIN, "always"));
            docker.answers.put("POST /containers/" + id, "204 ");
        }
        docker.startGate = new CountDownLatch(1);
        begin();

        await().atMost(LIMIT).until(() -> docker.startsAtOnce.get() == 4);
        await().during(Duration.ofMillis(300)).until(() -> docker.startsAtOnce.get() == 4);
        docker.startGate.countDown();
        await().atMost(LIMIT).until(() -> docker.events.size() == 20);
        assertThat(docker.events.stream().map(VolumeEvent::volume).collect(Collectors.toSet()))
                .hasSize(20);
    }

    @Test
    void leavesAloneWhoeverAsksForIt() {
        String list =
                "["
                        + item("a", "x", "\"io.hostagent.late-start\":\"false\"")
                        + ","
                        + item("b", "x", "\"io.hostagent.late-start\":\"true\"")
                        + ","
                        + item("c", "y", "")
                        + "]";

        assertThat(LateStarter.candidates(Objects.requireNonNull(JsonTree.read(list)), "x"))
                .containsExactly(new LateStarter.Candidate("b", "nb", "vb"));
    }

    @ParameterizedTest
    @CsvSource({
        "exited, error while mounting volume '': no such volume, always, true",
        "created, error while mounting volume, unless-stopped, true",
        "exited, dial unix /run/docker/plugins/x/x.sock: connect: refused, always, true",
        "exited, '', always, false",
        "exited, port is already allocated, always, false",
        "exited, error while mounting volume, on-failure, false",
        "exited, error while mounting volume, no, false",
        "exited, error while mounting volume, '', false",
        "running, error while mounting volume, always, false",
        "paused, error while mounting volume, always, false"
    })
    void knowsWhatFailedForWantOfAVolume(
            String state, String error, String policy, boolean expected) {
        Object details =
                Objects.requireNonNull(JsonTree.read(details(state, error, policy).substring(4)));

        assertThat(new FailedStart(details).isForWantOfAVolume("x")).isEqualTo(expected);
    }
}
