// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Requests one after the other on one connection, whoever answers them. */
class KeepAliveTests {

    /** Enough for what happened once in twenty times. */
    private static final int TIMES = 150;

    /**
     * The first is answered by another thread, the second at once; the third is there to be read.
     * Reactor Netty 1.3.7 never read it when the second came while the first was being finished.
     */
    @Test
    void areAllAnswered() {
        try (TestContext agent = TestContext.start("CAP_HOST_MANAGEMENT=1", "CAP_PROXY=0")) {
            Map<String, String> signed = agent.signed();
            for (int i = 0; i < TIMES; i++) {
                assertThat(agent.send("GET", "/v2/host/info", signed).statusCode()).isEqualTo(200);
                assertThat(agent.send("GET", "/metrics", signed).statusCode()).isEqualTo(404);
                assertThat(agent.send("GET", "/ping", signed).statusCode()).isEqualTo(404);
            }
        }
    }
}
