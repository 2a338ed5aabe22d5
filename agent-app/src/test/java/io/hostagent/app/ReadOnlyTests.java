// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code AGENT_READ_ONLY}, asked by a caller who may do everything else. */
class ReadOnlyTests {

    @Test
    void letsNobodyChangeAnything() {
        try (TestContext agent = TestContext.start("AGENT_READ_ONLY=1")) {
            for (String path : List.of("/containers/x/start", "/v1.41/build", "/v2/x", "/host")) {
                for (String method : List.of("POST", "PUT", "DELETE", "PATCH", "MKCOL")) {
                    assertThat(agent.send(method, path, agent.signed()))
                            .satisfies(answer -> assertThat(answer.statusCode()).isEqualTo(403))
                            .satisfies(
                                    answer ->
                                            assertThat(answer.body()).contains("AGENT_READ_ONLY"));
                }
            }
            assertThat(agent.send("GET", "/websocket/exec?id=0", agent.signed()).statusCode())
                    .isEqualTo(403);
            assertThat(agent.send("GET", "/info", agent.signed()).statusCode()).isEqualTo(503);
            assertThat(agent.send("GET", "/v2/capabilities", agent.signed()).statusCode())
                    .isEqualTo(200);
            assertThat(agent.send("GET", "/ping", agent.signed()).statusCode()).isEqualTo(204);
        }
    }
}
