// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.app.fixture.AgentToken;
import io.hostagent.app.fixture.ConsoleClient;
import io.hostagent.app.fixture.RunningAgent;
import io.hostagent.lab.DockerHost;
import io.hostagent.lab.LabEngine;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who may do what, beyond the signature: read-only agents, allow lists, tokens, the audit. */
class AccessRulesIT {

    @LabEngine("20")
    @SuppressWarnings("NullAway.Init") // set by the lab
    private DockerHost host;

    @SuppressWarnings("NullAway.Init") // set by every test
    private RunningAgent agent;

    @AfterEach
    void stop() {
        agent.close();
    }

    @Test
    void aReadOnlyAgentReadsAndChangesNothing() {
        start("AGENT_READ_ONLY", "1");
        assertThat(agent.get("/containers/json").statusCode()).isEqualTo(200);
        HttpResponse<String> refused = post("/volumes/create", agent.key().headers());
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("\"message\":\"", "AGENT_READ_ONLY");
        assertThat(post("/v1.41/volumes/create", agent.key().headers()).statusCode())
                .isEqualTo(403);
        assertThat(agent.get("/containers/x/attach/ws").statusCode()).isEqualTo(403);
        assertThat(
                        ConsoleClient.refused(
                                agent, "/v2/websocket/attach?id=12", agent.key().headers()))
                .isEqualTo(403);
    }

    @Test
    void onlyAllowedCallsPass() {
        start("PROXY_ALLOW", "GET /containers/json; GET /images/**/json; POST /volumes/create");
        assertThat(agent.get("/containers/json").statusCode()).isEqualTo(200);
        assertThat(agent.get("/v1.41/containers/json").statusCode()).isEqualTo(200);
        assertThat(agent.get("/images/lab/workload:1/json").statusCode()).isEqualTo(200);
        HttpResponse<String> refused = agent.get("/info");
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("PROXY_ALLOW has no rule for GET /info");
        assertThat(agent.get("/v1.41/secrets").statusCode()).isEqualTo(403);
        assertThat(ConsoleClient.refused(agent, "/websocket/exec?id=12", agent.key().headers()))
                .as("a console is the start of an exec by another path")
                .isEqualTo(403);
        assertThat(post("/containers/json", agent.key().headers()).statusCode()).isEqualTo(403);
        assertThat(agent.get("/containers/x%2F..%2Fjson").statusCode()).isEqualTo(400);
        assertThat(agent.log().lines().filter(line -> line.contains("method=POST")))
                .as("a refused change is no change")
                .singleElement()
                .asString()
                .contains("outcome=denied", "status=403");
    }

    @Test
    void filesAreNoWayAroundTheRules() {
        start("PROXY_ALLOW", "GET /volumes/**; GET /v2/browse/ls");
        for (String browse : new String[] {"/browse", "/v2/browse", "/v1.41/browse"}) {
            HttpResponse<String> read = agent.get(browse + "/get?volumeID=none&path=/x");
            assertThat(read.statusCode()).as(browse).isEqualTo(403);
            assertThat(read.body()).contains("PROXY_ALLOW has no rule for GET /v2/browse/get");
            HttpResponse<String> listed = agent.get(browse + "/ls?volumeID=none&path=/");
            assertThat(listed.statusCode()).as(browse).isEqualTo(404);
            assertThat(listed.body()).contains("There is no volume 'none'");
        }
    }

    @Test
    void aTokenOpensWhatItsScopeCovers() throws Exception {
        start("LOG_LEVEL", "INFO");
        Map<String, String> metrics = token("metrics");
        Map<String, String> read = token("read");
        Map<String, String> admin = token("admin");
        assertThat(agent.get("/containers/json", metrics).statusCode()).isEqualTo(403);
        assertThat(agent.get("/containers/json", read).statusCode()).isEqualTo(200);
        assertThat(agent.get("/swarm", read).statusCode()).isEqualTo(403);
        assertThat(post("/volumes/create", read).statusCode()).isEqualTo(403);
        HttpResponse<String> created = post("/volumes/create", admin);
        assertThat(created.statusCode()).isEqualTo(201);
        host.cli().run("volume", "rm", "by-token").orThrow();
        Map<String, String> unknown =
                Map.of("Authorization", "Bearer uha_00000000_" + "0".repeat(64));
        assertThat(agent.get("/containers/json", unknown).statusCode()).isEqualTo(401);
        assertThat(agent.log())
                .doesNotContain(admin.getOrDefault("Authorization", "").substring(7));
    }

    @Test
    void changesAndRefusalsAreAudited() {
        start("LOG_MODE", "NOCOLOR");
        assertThat(agent.get("/containers/json", Map.of()).statusCode()).isEqualTo(403);
        assertThat(post("/volumes/create", agent.key().headers()).statusCode()).isEqualTo(201);
        HttpRequest.Builder removal =
                HttpRequest.newBuilder(agent.uri("/volumes/by-token")).DELETE();
        agent.key().headers().forEach(removal::header);
        assertThat(agent.send(removal.build()).statusCode()).isEqualTo(204);
        assertThat(agent.get("/containers/json").statusCode()).isEqualTo(200);
        assertThat(agent.log().lines().filter(line -> line.contains("outcome=")))
                .hasSize(3)
                .anySatisfy(
                        line ->
                                assertThat(line)
                                        .contains("outcome=changed", "DELETE", "status=204"))
                .anySatisfy(
                        line ->
                                assertThat(line)
                                        .contains("outcome=refused", "status=403", "127.0.0.1"))
                .anySatisfy(
                        line ->
                                assertThat(line)
                                        .contains(
                                                "outcome=changed",
                                                "POST",
                                                "/volumes/create",
                                                "status=201",
                                                "caller="));
    }

    private void start(String variable, String value) {
        agent = RunningAgent.start(Map.of("DOCKER_HOST", host.endpoint(), variable, value));
    }

    private HttpResponse<String> post(String path, Map<String, String> headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(agent.uri(path))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"Name\":\"by-token\"}"));
        headers.forEach(request::header);
        return agent.send(request.build());
    }

    /** As an operator makes one: by the command line of the same program. */
    private Map<String, String> token(String scope) {
        return AgentToken.headers(AgentToken.create(agent, scope));
    }
}
