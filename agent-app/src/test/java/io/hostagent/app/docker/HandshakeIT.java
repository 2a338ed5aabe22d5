// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.app.fixture.RunningAgent;
import io.hostagent.app.fixture.TestKey;
import io.hostagent.core.fixture.TrustAll;
import io.hostagent.lab.DockerHost;
import io.hostagent.lab.LabEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a Portainer server finds an agent and comes to be trusted: numbers 1 to 10 of the list. */
class HandshakeIT {

    private static final String SECRET = "my-Sh4red-secret";
    private static final String HEX =
            "3059301306072a8648ce3d020106082a8648ce3d03010703420004e0b3af07f6c1eb817799013c198df10fab"
                    + "7824b60f746a57260bca04efbb24cd2cd6fa351001f6f8650e2e260a56aa7ef3fa869768e2fa0795346f"
                    + "4b138422c9";
    private static final Map<String, String> V1 =
            signed(
                    "2syfZzY6KFD/4xZ0S9xwNongHTJJEdSR95mHK5IiFCmwmC8ih+YCSmH4Vr7YoD9CTXGDVigbEqm99Sswu78iVw");
    private static final Map<String, String> V3 =
            signed(
                    "2syfZzY6KFD/4xZ0S9xwNongHTJJEdSR95mHK5IiFCmwmC8ih+YCSmH4Vr7YoD9CTXGDVigbEqm99Sswu78iVg");
    private static final Map<String, String> V4 =
            signed(
                    "ABHuUoXVM240NeQTz2iYFONBZ9nZYYF1W8wprsPcidrpZDBhShb/AOLL0mUvB50T7qSmaDkHjH5dQgHLvcKjnA");

    @LabEngine("26")
    @SuppressWarnings("NullAway.Init") // set by the lab
    private DockerHost host;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path folder;

    @SuppressWarnings("NullAway.Init") // set by every test
    private RunningAgent agent;

    @AfterEach
    void stop() {
        agent.close();
    }

    @Test
    @DisplayName("1, 3, 10: a stranger may ping, and every answer says that an agent is here")
    void answersStrangersAndCallersWithTheAgentsHeaders() {
        start(Map.of());
        for (String path : new String[] {"/ping", "/v2/ping", "/v1.41/ping"}) {
            HttpResponse<String> ping = agent.get(path, Map.of());
            assertThat(ping.statusCode()).as(path).isEqualTo(204);
            assertThat(ping.body()).isEmpty();
            assertAgentHeaders(ping);
        }
        HttpResponse<String> refused = agent.get("/_ping", Map.of());
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("\"message\":\"Missing request signature headers\"");
        assertAgentHeaders(refused);
        HttpRequest.Builder head = HttpRequest.newBuilder(agent.uri("/_ping")).HEAD();
        agent.key().headers().forEach(head::header);
        HttpResponse<String> answer = agent.send(head.build());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.headers().allValues("Api-Version")).containsExactly("1.45");
        assertAgentHeaders(answer);
    }

    @Test
    @DisplayName("2: TLS 1.2 and 1.3, nothing older, HTTP/1.1 without ALPN")
    void speaksTlsOfTheRightAge() throws Exception {
        start(Map.of());
        assertThat(overTls("TLSv1.2")).startsWith("HTTP/1.1 204");
        assertThat(overTls("TLSv1.3")).startsWith("HTTP/1.1 204");
        Process old =
                new ProcessBuilder(
                                "openssl",
                                "s_client",
                                "-tls1_1",
                                "-cipher",
                                "ALL:@SECLEVEL=0",
                                "-connect",
                                "127.0.0.1:" + agent.port())
                        .redirectErrorStream(true)
                        .start();
        old.getOutputStream().close();
        String said = new String(old.getInputStream().readAllBytes(), UTF_8);
        assertThat(said).containsIgnoringCase("alert protocol version");
    }

    @Test
    @DisplayName("4, 5: a wrong signature binds nothing, a right one does")
    void aWrongSignatureDoesNotPoisonTheBinding() {
        start(Map.of());
        HttpResponse<String> wrong = agent.get("/_ping", V3);
        assertThat(wrong.statusCode()).isEqualTo(403);
        assertThat(wrong.body()).contains("\"message\":\"Invalid request signature\"");
        assertThat(agent.get("/_ping", V1).statusCode()).isEqualTo(200);
        assertThat(agent.get("/_ping", V4).statusCode()).isEqualTo(200);
        assertThat(agent.get("/_ping", V3).statusCode()).isEqualTo(403);
    }

    @Test
    @DisplayName("6: another key is refused, after a restart too")
    void theBindingOutlivesARestart() {
        start(Map.of());
        assertThat(agent.get("/_ping", V1).statusCode()).isEqualTo(200);
        assertThat(agent.get("/_ping").statusCode()).isEqualTo(403);
        agent.close();
        start(Map.of("DATA_PATH", agent.data().toString()));
        assertThat(agent.get("/_ping").statusCode()).isEqualTo(403);
        assertThat(agent.get("/_ping", V1).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"AGENT_SECRET", "AGENT_SECRET_FILE"})
    @DisplayName("7: with a shared secret every key that signs it is let in, and no other")
    void aSharedSecretIsWhatCounts(String variable) throws Exception {
        Path file = Files.writeString(folder.resolve("secret"), SECRET + "\n");
        start(Map.of(variable, variable.endsWith("FILE") ? file.toString() : SECRET));
        for (int i = 0; i < 2; i++) {
            Map<String, String> headers = TestKey.create().headers(SECRET);
            assertThat(agent.get("/_ping", headers).statusCode()).isEqualTo(200);
        }
        assertThat(agent.get("/_ping", V1).statusCode()).isEqualTo(403);
        assertThat(agent.log()).doesNotContain(SECRET);
    }

    @Test
    @DisplayName("8: rubbish is refused and does no harm")
    void rubbishIsRefused() {
        start(Map.of());
        String key = "X-PortainerAgent-PublicKey";
        String signature = "X-PortainerAgent-Signature";
        String good = V1.getOrDefault(signature, "");
        for (Map<String, String> rubbish :
                List.of(
                        Map.of(key, "zz", signature, good),
                        Map.of(
                                key,
                                "30820122300d06092a864886f70d01010105000382010f00",
                                signature,
                                good),
                        Map.of(key, HEX, signature, "c2hvcnQ"),
                        Map.of(key, HEX, signature, "%%%"),
                        Map.of(key, HEX.substring(2), signature, good))) {
            assertThat(agent.get("/_ping", rubbish).statusCode()).isEqualTo(403);
        }
        assertThat(agent.get("/_ping", V1).statusCode()).isEqualTo(200);
        assertThat(agent.isAlive()).isTrue();
    }

    @Test
    @DisplayName("9: an agent that nobody claims stops listening and lives on")
    void anUnclaimedAgentStopsListening() {
        start(Map.of("AGENT_SECRET_TIMEOUT", "3s"));
        Awaitility.await()
                .atMost(Duration.ofSeconds(6))
                .until(
                        () -> {
                            try {
                                return agent.get("/ping", Map.of()).statusCode() != 204;
                            } catch (UncheckedIOException e) {
                                return true;
                            }
                        });
        assertThat(agent.isAlive()).isTrue();
    }

    @Test
    @DisplayName("9: a claimed agent goes on serving")
    void aClaimedAgentGoesOnListening() {
        start(Map.of("AGENT_SECRET_TIMEOUT", "8s", "DATA_PATH", folder.toString()));
        assertThat(agent.get("/_ping", V1).statusCode()).isEqualTo(200);
        Awaitility.await()
                .pollInterval(Duration.ofSeconds(1))
                .during(Duration.ofSeconds(8))
                .atMost(Duration.ofSeconds(12))
                .until(() -> agent.get("/_ping", V1).statusCode() == 200);
    }

    private void start(Map<String, String> environment) {
        Map<String, String> all = new HashMap<>(environment);
        all.put("DOCKER_HOST", host.endpoint());
        agent = RunningAgent.start(all);
    }

    private String overTls(String protocol) throws IOException {
        try (SSLSocket socket =
                (SSLSocket)
                        TrustAll.context()
                                .getSocketFactory()
                                .createSocket("127.0.0.1", agent.port())) {
            socket.setEnabledProtocols(new String[] {protocol});
            socket.getOutputStream()
                    .write(
                            "GET /ping HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                                    .getBytes(UTF_8));
            String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
            assertThat(socket.getSession().getProtocol()).isEqualTo(protocol);
            assertThat(socket.getApplicationProtocol()).isEmpty();
            return answer;
        }
    }

    private static void assertAgentHeaders(HttpResponse<?> response) {
        assertThat(response.headers().allValues("Portainer-Agent")).containsExactly("2.23.0");
        assertThat(response.headers().allValues("Portainer-Agent-API-Version"))
                .containsExactly("2");
        assertThat(response.headers().allValues("Portainer-Agent-Platform")).containsExactly("1");
    }

    private static Map<String, String> signed(String signature) {
        return Map.of("X-PortainerAgent-PublicKey", HEX, "X-PortainerAgent-Signature", signature);
    }
}
