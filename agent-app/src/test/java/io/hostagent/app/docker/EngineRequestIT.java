// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.docker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.app.fixture.RunningAgent;
import io.hostagent.app.fixture.UnixServer;
import io.hostagent.app.fixture.Wire;
import io.hostagent.core.fixture.TrustAll;
import io.hostagent.lab.DockerHost;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the engine gets to see of a request, and the client of the answer: numbers 11 to 17 of the
 * list. A tee between agent and engine writes down the bytes.
 */
class EngineRequestIT extends OnBothEngines {

    private static final Map<String, Tee> TEES = new ConcurrentHashMap<>();

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private static Path folder;

    @SuppressWarnings("NullAway.Init") // set before each
    private ByteArrayOutputStream sent;

    @SuppressWarnings("NullAway.Init") // set before each
    private RunningAgent agent;

    /** An agent whose requests to the engine are written down. */
    private record Tee(UnixServer server, RunningAgent agent, ByteArrayOutputStream sent) {

        static Tee to(DockerHost host) {
            try {
                Path socket = folder.resolve(host.name() + ".sock");
                ByteArrayOutputStream sent = new ByteArrayOutputStream();
                UnixServer server = UnixServer.recording(socket, host.socket(), sent);
                Map<String, String> environment = Map.of("DOCKER_HOST", "unix://" + socket);
                return new Tee(server, RunningAgent.start(environment), sent);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @BeforeEach
    void writeDown() {
        Tee tee = TEES.computeIfAbsent(engine(), engine -> Tee.to(host()));
        agent = tee.agent();
        sent = tee.sent();
        sent.reset();
    }

    @AfterAll
    static void stop() throws IOException {
        for (Tee tee : TEES.values()) {
            tee.agent().close();
            tee.server().close();
        }
    }

    @Test
    @DisplayName("11: every version asked for is answered, and clamped into what the engine has")
    void versionsAreClamped() {
        String newest = engine().equals("20") ? "1.41" : "1.45";
        String oldest = engine().equals("20") ? "1.12" : "1.24";
        String info = stable(agent.get("/info").body());
        for (String asked : new String[] {"1.24", "1.41", newest, "1.99", "9.0"}) {
            HttpResponse<String> answer = agent.get("/v" + asked + "/info");
            assertThat(answer.statusCode()).as(asked).isEqualTo(200);
            if (asked.equals("1.41") && engine().equals("20")) {
                assertThat(stable(answer.body())).isEqualTo(info);
            }
        }
        assertThat(agent.get("/v1.1/version").statusCode()).isEqualTo(200);
        assertThat(sent())
                .contains("GET /v1.24/info HTTP/1.1", "GET /v" + newest + "/info HTTP/1.1")
                .contains("GET /v" + oldest + "/version HTTP/1.1")
                .doesNotContain("/v1.99/", "/v9.0/", "/v1.1/");
    }

    @Test
    @DisplayName("12: a name that looks like a version, and %2F, reach the engine as they are")
    void namesReachTheEngineUnmangled() {
        ways().direct(engine()).run("tag", WORKLOAD, "x/v1.0").orThrow();
        try {
            assertThat(agent.get("/images/x/v1.0/json").body()).contains("\"x/v1.0:latest\"");
            assertThat(agent.get("/v1.41/images/x/v1.0/json").statusCode()).isEqualTo(200);
            assertThat(agent.get("/images/x%2Fv1.0/json").body()).contains("\"x/v1.0:latest\"");
            assertThat(
                            agent.get(
                                            "/images/json?filters=%7B%22reference%22%3A%5B%22x%2Fv1.0%22%5D%7D")
                                    .body())
                    .contains("x/v1.0:latest");
            assertThat(sent())
                    .contains(
                            "GET /images/x/v1.0/json HTTP/1.1",
                            "GET /v1.41/images/x/v1.0/json HTTP/1.1",
                            "GET /images/x%2Fv1.0/json HTTP/1.1",
                            "?filters=%7B%22reference%22%3A%5B%22x%2Fv1.0%22%5D%7D HTTP/1.1");
        } finally {
            ways().direct(engine()).run("rmi", "x/v1.0").orThrow();
        }
    }

    @Test
    @DisplayName("13: the engine's own errors pass with its message")
    void errorsOfTheEnginePass() {
        HttpResponse<String> answer = agent.get("/containers/none-such/json");
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body().strip())
                .isEqualTo("{\"message\":\"No such container: none-such\"}");
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(agent.get("/nonsense").body().strip())
                .isEqualTo("{\"message\":\"page not found\"}");
    }

    @Test
    @DisplayName("17: credentials stay with the agent")
    void credentialsNeverReachTheEngine() {
        Map<String, String> headers = new HashMap<>(agent.key().headers());
        headers.put("Authorization", "Bearer not-for-the-engine");
        headers.put("Cookie", "portainer=not-for-the-engine");
        headers.put("X-Api-Key", "not-for-the-engine");
        headers.put("X-Csrf-Token", "not-for-the-engine");
        headers.put("X-Registry-Auth", "eyJmb3IiOiJ0aGUgZW5naW5lIn0=");
        headers.put("X-PortainerAgent-Target", "not-for-the-engine");
        assertThat(agent.get("/containers/json", headers).statusCode()).isEqualTo(200);
        assertThat(sent())
                .contains("GET /containers/json", "eyJmb3IiOiJ0aGUgZW5naW5lIn0=")
                .doesNotContain("not-for-the-engine")
                .doesNotContainIgnoringCase("authorization:")
                .doesNotContainIgnoringCase("cookie:")
                .doesNotContainIgnoringCase("x-api-key")
                .doesNotContainIgnoringCase("portaineragent");
    }

    @Test
    void anEmptyAnswerArrivesAtOnceAndTheConnectionGoesOn() throws Exception {
        try (Wire wire = Wire.tls(agent)) {
            for (int i = 0; i < 3; i++) {
                Map<String, String> headers = new HashMap<>(agent.key().headers());
                headers.put("Content-Length", "0");
                wire.request("POST /images/lab/workload:1/tag?repo=parity/empty&tag=" + i, headers);
                assertThat(wire.head())
                        .startsWith("HTTP/1.1 201")
                        .containsIgnoringCase("content-length: 0");
                ways().direct(engine()).run("rmi", "parity/empty:" + i).orThrow();
            }
        }
    }

    @Test
    void plainCallsWorkOverHttp2() throws Exception {
        try (HttpClient client =
                HttpClient.newBuilder()
                        .sslContext(TrustAll.context())
                        .version(HttpClient.Version.HTTP_2)
                        .build()) {
            HttpResponse<String> list = client.send(http2("/images/json").build(), text());
            assertThat(list.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(list.body()).contains(WORKLOAD);
            HttpResponse<String> created =
                    client.send(
                            http2("/volumes/create")
                                    .header("Content-Type", "application/json")
                                    .POST(BodyPublishers.ofString("{\"Name\":\"h2\"}"))
                                    .build(),
                            text());
            assertThat(created.statusCode()).isEqualTo(201);
            HttpResponse<String> removed =
                    client.send(http2("/volumes/h2").DELETE().build(), text());
            assertThat(removed.statusCode()).isEqualTo(204);
            HttpResponse<String> tagged =
                    client.send(
                            http2("/images/lab/workload:1/tag?repo=parity/h2")
                                    .POST(BodyPublishers.noBody())
                                    .build(),
                            text());
            assertThat(tagged.statusCode()).isEqualTo(201);
            ways().direct(engine()).run("rmi", "parity/h2").orThrow();
        }
    }

    private HttpRequest.Builder http2(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(agent.uri(path));
        agent.key().headers().forEach(request::header);
        return request;
    }

    private static HttpResponse.BodyHandler<String> text() {
        return BodyHandlers.ofString(UTF_8);
    }

    private String sent() {
        return sent.toString(ISO_8859_1);
    }

    /** Without what changes by itself from one answer to the next. */
    private static String stable(String info) {
        return info.replaceAll("\"(SystemTime|NGoroutines|NFd)\":[^,]*,", "");
    }
}
