// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.app.fixture.RunningAgent;
import io.hostagent.app.fixture.Wire;
import io.hostagent.lab.DockerHost;
import io.hostagent.lab.LabEngine;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Engines come, go and change behind one socket path, and the agent lives on. */
class EngineLifeIT {

    private static final Duration SOON = Duration.ofSeconds(3);

    @LabEngine("20")
    @SuppressWarnings("NullAway.Init") // set by the lab
    private DockerHost old;

    @LabEngine("26")
    @SuppressWarnings("NullAway.Init") // set by the lab
    private DockerHost current;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path folder;

    @SuppressWarnings("NullAway.Init") // set before each
    private RunningAgent agent;

    @BeforeEach
    void startWithoutEngine() {
        agent = RunningAgent.start(Map.of("DOCKER_HOST", "unix://" + socket()));
    }

    @AfterEach
    void stop() throws IOException {
        agent.close();
        Files.deleteIfExists(socket());
    }

    @Test
    void aMissingEngineIsSaidAndALateOneIsFound() throws Exception {
        assertAway();
        engineIs(current);
        awaitVersion("26.");
        awaitState("on");
    }

    @ParameterizedTest
    @ValueSource(strings = {"20", "26"})
    void anEngineThatIsKilledAndStartedAgainIsFoundAgain(String engine) throws Exception {
        DockerHost host = engine.equals("20") ? old : current;
        engineIs(host);
        awaitVersion(engine + ".");
        awaitState("on");
        host.killEngine();
        try {
            assertAway();
        } finally {
            host.startEngine();
        }
        awaitVersion(engine + ".");
        awaitState("on");
    }

    @Test
    void anEngineThatStopsInGoodOrderEndsItsStreamsAndIsFoundAgain() throws Exception {
        engineIs(current);
        awaitVersion("26.");
        try (Wire events = Wire.tls(agent)) {
            events.request("GET /events", agent.key().headers());
            events.head();
            CompletableFuture<Boolean> end = CompletableFuture.supplyAsync(() -> ends(events));
            current.stopEngine();
            try {
                assertThat(end.get(2, TimeUnit.SECONDS)).isTrue();
                assertAway();
            } finally {
                current.startEngine();
            }
        }
        awaitVersion("26.");
        awaitState("on");
    }

    @Test
    void anEngineOfAnotherVersionIsSpokenToInItsOwn() throws Exception {
        engineIs(current);
        awaitState("on");
        assertThat(agent.get("/v1.45/info").statusCode()).isEqualTo(200);
        assertThat(agent.get("/v1.12/info").statusCode()).isEqualTo(200);
        assertThat(agent.get("/v1.99/version").statusCode()).isEqualTo(200);
        current.stopEngine();
        try {
            engineIs(old);
            awaitVersion("20.");
            assertThat(agent.get("/v1.45/info").statusCode()).isEqualTo(200);
            assertThat(agent.get("/v1.45/containers/json").statusCode()).isEqualTo(200);
        } finally {
            current.startEngine();
        }
        old.stopEngine();
        try {
            engineIs(current);
            awaitVersion("26.");
            assertThat(agent.get("/v1.12/info").statusCode()).isEqualTo(200);
        } finally {
            old.startEngine();
        }
    }

    private void assertAway() {
        assertThat(agent.get("/ping", Map.of()).statusCode()).isEqualTo(204);
        HttpResponse<String> info = agent.get("/info");
        assertThat(info.statusCode()).isEqualTo(503);
        assertThat(info.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(info.body()).contains("\"message\":\"", "\"details\":\"", socket().toString());
        awaitState("waiting");
        assertThat(agent.get("/v2/capabilities").body())
                .contains("no engine answers at " + socket(), "start the engine");
    }

    private void awaitVersion(String start) {
        Awaitility.await()
                .atMost(SOON)
                .until(() -> agent.get("/version").body().contains("\"Version\":\"" + start));
    }

    /** The proxy is the one capability that needs an engine. */
    private void awaitState(String state) {
        Awaitility.await()
                .atMost(SOON)
                .until(
                        () ->
                                agent.get("/v2/capabilities")
                                        .body()
                                        .matches(
                                                ".*\"name\":\"proxy\"[^}]*\"state\":\""
                                                        + state
                                                        + "\".*"));
    }

    private Path socket() {
        return folder.resolve("docker.sock");
    }

    /** The path stays, and what is behind it changes, as with a mounted socket. */
    private void engineIs(DockerHost host) throws IOException {
        Files.deleteIfExists(socket());
        Files.createSymbolicLink(socket(), host.socket());
    }

    private static boolean ends(Wire wire) {
        try {
            wire.rest();
        } catch (IOException e) {
            return true;
        }
        return true;
    }
}
