// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hostagent.core.capability.CapabilityDescriptor;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every combination of capabilities starts, answers and stops, with no engine at hand. */
class CapabilityMatrixTests {

    private static final List<String> FLAGS =
            List.of("CAP_PROXY", "CAP_HOST_MANAGEMENT", "CAP_METRICS", "CAP_VOLUMES");

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15})
    void startsAnswersAndStops(int combination) {
        String[] variables = new String[FLAGS.size()];
        for (int i = 0; i < variables.length; i++) {
            variables[i] = FLAGS.get(i) + "=" + (combination >> i & 1);
        }

        try (TestContext agent = TestContext.start(variables)) {
            assertThat(
                            agent
                                    .context()
                                    .getBeansOfType(CapabilityDescriptor.class)
                                    .values()
                                    .stream()
                                    .map(CapabilityDescriptor::flag))
                    .containsExactlyInAnyOrderElementsOf(FLAGS);
            for (CapabilityDescriptor capability :
                    agent.context().getBeansOfType(CapabilityDescriptor.class).values()) {
                boolean on = (combination >> FLAGS.indexOf(capability.flag()) & 1) == 1;
                HttpResponse<String> answer =
                        agent.send("GET", capability.paths().getFirst().prefix(), agent.signed());
                if (!on) {
                    assertThat(answer.statusCode()).isEqualTo(404);
                    assertThat(answer.body()).contains(capability.flag() + "=1");
                } else {
                    assertThat(answer.statusCode()).isNotIn(403, 404, 500);
                }
            }
            assertThat(agent.send("GET", "/info", agent.signed()).statusCode())
                    .isEqualTo((combination & 1) == 1 ? 503 : 404);
        }

        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(threadsOfTheAgent()).isEmpty());
    }

    /** What is left in a process without an agent belongs to the JVM, to JUnit or to Reactor. */
    private static Set<String> threadsOfTheAgent() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.startsWith("agent-") || name.contains("docker"))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
