// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hostagent.core.capability.AgentPath;
import io.hostagent.core.capability.CapabilityDescriptor;
import io.hostagent.core.trust.Scope;
import io.hostagent.core.trust.TokenStore;
import io.hostagent.core.web.StreamRoute;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.reactive.HandlerMapping;

/** What is open to whom, asked of an agent with everything on. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RouteSecurityTests {

    /** All that a stranger may have. */
    private static final Set<String> PUBLIC =
            Set.of("/ping", "/v2/ping", "/key", "/v2/health/live", "/v2/health/ready");

    private static final List<String> METHODS =
            List.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH");

    private final TestContext agent =
            TestContext.start("CAP_HOST_MANAGEMENT=1", "CAP_METRICS=1", "CAP_VOLUMES=1");
    private Map<String, String> admin = Map.of();
    private Map<String, String> read = Map.of();
    private Map<String, String> metrics = Map.of();

    @BeforeAll
    void makeTokens() throws Exception {
        TokenStore tokens = new TokenStore(agent.data(), Clock.systemUTC());
        read = bearer(tokens, Scope.READ);
        metrics = bearer(tokens, Scope.METRICS);
        admin = bearer(tokens, Scope.ADMIN);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> send("GET", "/v2/capabilities", admin).statusCode() == 200);
    }

    @AfterAll
    void close() {
        agent.close();
    }

    @Test
    void opensNothingToAStrangerButThePublicList() {
        Set<String> paths = everyPath();
        assertThat(paths).containsAll(PUBLIC).contains("/v2/capabilities", "/agents", "/info");

        for (String path : paths) {
            for (String method : METHODS) {
                int status = send(method, path, Map.of()).statusCode();
                if (PUBLIC.contains(path)) {
                    assertThat(status).as("%s %s", method, path).isNotEqualTo(403);
                } else {
                    assertThat(status).as("%s %s", method, path).isEqualTo(403);
                }
            }
        }
    }

    /** A page of Spring's own would be reachable by a path that no list has. */
    @Test
    void answersByRouterFunctionsAlone() {
        assertThat(agent.context().getBeansOfType(HandlerMapping.class)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ping/../info",
                "/ping/%2e%2e/info",
                "/v2/health/live/../../capabilities",
                "//v2//capabilities",
                "/v2%2Fcapabilities",
                "/v2/health/live;/x",
                "/v2;a=b/health/live",
                "/v1.41/v2/capabilities",
                "/v1.41.0/info",
                "/PING",
                "/pingx",
                "/keys"
            })
    void isNotTrickedIntoThePublicList(String path) {
        assertThat(send("GET", path, Map.of()).statusCode()).isIn(400, 403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/swarm", "/swarm/unlockkey", "/v1.41/swarm", "/%73warm"})
    void keepsTheKeysOfASwarmFromReaders(String path) {
        assertThat(send("GET", path, read).statusCode()).isEqualTo(403);
        assertThat(send("GET", path, admin).statusCode()).isEqualTo(503);
    }

    @Test
    void letsAReaderReadAndNothingElse() {
        assertThat(send("GET", "/v2/capabilities", read).statusCode()).isEqualTo(200);
        assertThat(send("GET", "/info", read).statusCode()).isEqualTo(503);
        assertThat(send("POST", "/containers/x/start", read).statusCode()).isEqualTo(403);
        assertThat(send("DELETE", "/containers/x", read).statusCode()).isEqualTo(403);
        assertThat(send("GET", "/containers/x/attach/ws", read).statusCode()).isEqualTo(403);
        assertThat(send("GET", "/websocket/exec?id=0", read).statusCode()).isEqualTo(403);
    }

    @Test
    void letsAScraperScrapeAndNothingElse() {
        assertThat(send("GET", "/info", metrics).statusCode()).isEqualTo(403);
        assertThat(send("GET", "/v2/capabilities", metrics).statusCode()).isEqualTo(403);
        assertThat(send("GET", "/v2/health", metrics).statusCode()).isEqualTo(403);
        assertThat(send("POST", "/metrics", metrics).statusCode()).isEqualTo(403);
        for (String path :
                List.of("/metrics", "/metrics/cadvisor", "/metrics/node", "/metrics/agent")) {
            for (Map<String, String> caller : List.of(metrics, read, admin, agent.signed())) {
                HttpResponse<String> answer = send("GET", path, caller);
                assertThat(answer.statusCode()).as(path).isEqualTo(200);
                assertThat(answer.body()).as(path).contains("\nprocess_open_fds ");
            }
        }
        assertThat(send("GET", "/metrics/agent", metrics).body())
                .contains("\nagent_docker_up 0\n", "\njvm_threads_live_threads ");
        assertThat(send("GET", "/metrics/none", metrics).statusCode()).isEqualTo(404);
        assertThat(send("DELETE", "/metrics", admin).statusCode()).isEqualTo(405);
    }

    @Test
    void refusesATokenThatItDoesNotKnow() {
        Map<String, String> unknown = Map.of("Authorization", "Bearer agt_" + "x".repeat(40));

        assertThat(send("GET", "/v2/capabilities", unknown).statusCode()).isIn(401, 403);
    }

    @Test
    void carriesTheHeadersOfAnAgentOnEveryAnswer() {
        for (String path : List.of("/ping", "/info", "/v2/capabilities", "/nowhere", "/a/../b")) {
            assertThat(send("GET", path, Map.of()).headers().firstValue("Portainer-Agent"))
                    .as(path)
                    .isPresent();
        }
    }

    private Set<String> everyPath() {
        Set<String> paths = new TreeSet<>(Set.of("/", "/info", "/v1.41/info", "/nowhere"));
        capabilities().stream()
                .flatMap(capability -> capability.paths().stream())
                .map(AgentPath::prefix)
                .forEach(prefix -> paths.addAll(List.of(prefix, "/v1.41" + prefix)));
        paths.addAll(RoutePaths.of(agent.context()));
        agent.context().getBeansOfType(StreamRoute.class).values().stream()
                .flatMap(route -> route.calls().stream())
                .forEach(call -> paths.add(call.path().replaceAll("\\{[^}]*}", "x")));
        paths.removeIf(path -> path.startsWith("/v1.41") && PUBLIC.contains(path.substring(6)));
        return paths;
    }

    private List<CapabilityDescriptor> capabilities() {
        return List.copyOf(agent.context().getBeansOfType(CapabilityDescriptor.class).values());
    }

    private HttpResponse<String> send(String method, String path, Map<String, String> headers) {
        return agent.send(method, path, headers);
    }

    private static Map<String, String> bearer(TokenStore tokens, Scope scope) throws Exception {
        String text = new String(tokens.create(scope, scope.word(), null).text().bytes(), UTF_8);
        return Map.of("Authorization", "Bearer " + text);
    }
}
