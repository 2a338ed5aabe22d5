// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hostagent.app.fixture.RawTls;
import io.hostagent.app.fixture.RunningAgent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** More connections than the agent is told to keep. */
class ConnectionLimitIT {

    private static final int MOST = 5;

    @Test
    void closesNewConnectionsBeyondTheBoundAndKeepsTheOthers() throws Exception {
        try (RunningAgent agent =
                RunningAgent.start(
                        Map.of(
                                "AGENT_MAX_CONNECTIONS",
                                String.valueOf(MOST),
                                "DOCKER_HOST",
                                "unix:///nowhere"))) {
            List<RawTls> kept = new ArrayList<>();
            // The start was waited for over a connection, which is kept as well.
            for (int i = 1; i < MOST; i++) {
                kept.add(RawTls.connect(agent.port()));
            }
            for (int i = 0; i < 20; i++) {
                assertThat(isServed(agent)).isFalse();
            }
            for (RawTls client : kept) {
                client.send("GET /ping HTTP/1.1\r\nHost: x\r\n\r\n");
                assertThat(client.readResponse()).startsWith("204");
            }
            assertThat(agent.log().lines().filter(l -> l.contains("AGENT_MAX_CONNECTIONS")))
                    .singleElement()
                    .asString()
                    .contains("5 connections are open");
            assertThat(agent.log()).doesNotContain("Exception");
            kept.removeFirst().close();
            await().atMost(Duration.ofSeconds(5)).until(() -> isServed(agent));
            for (RawTls client : kept) {
                client.close();
            }
        }
    }

    private static boolean isServed(RunningAgent agent) {
        try (RawTls client = RawTls.connect(agent.port())) {
            client.send("GET /ping HTTP/1.1\r\nHost: x\r\n\r\n");
            return client.readResponse().startsWith("204");
        } catch (IOException e) {
            return false;
        }
    }
}
