// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hostagent.app.fixture.RunningAgent;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What an operator reads of a start, which here goes to a file. */
class StartUpIT {

    private static final String ESCAPE = "\u001b";

    @Test
    void saysWhichVariableNamesAPortThatIsInUse() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(other.getLocalPort());
            assertThat(failure(Map.of("AGENT_PORT", port)))
                    .contains(
                            "port " + port + " (AGENT_PORT) is in use",
                            "set AGENT_PORT to a free port");
        }
    }

    @Test
    void saysWhichVariableNamesAnAddressOfAnotherHost() {
        assertThat(failure(Map.of("AGENT_HOST", "192.0.2.1")))
                .contains("cannot listen", "Set AGENT_HOST to an address of this host");
    }

    @Test
    void hasColoursOnATerminalOnlyOrWhenToldTo() {
        assertThat(log(Map.of())).contains("The agent serves").doesNotContain(ESCAPE);
        assertThat(log(Map.of("LOG_MODE", "PRETTY"))).contains("The agent serves", ESCAPE);
    }

    private static String failure(Map<String, String> environment) {
        try (RunningAgent agent = RunningAgent.launch(environment)) {
            await().atMost(Duration.ofSeconds(60)).until(() -> !agent.isAlive());
            assertThat(agent.log()).doesNotContain("\tat ").doesNotContain(ESCAPE);
            return agent.log();
        }
    }

    private static String log(Map<String, String> environment) {
        try (RunningAgent agent = RunningAgent.start(environment)) {
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> agent.log().contains("The agent serves"));
            return agent.log();
        }
    }
}
