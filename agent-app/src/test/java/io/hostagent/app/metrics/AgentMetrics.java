// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.metrics;

import io.hostagent.app.fixture.AgentToken;
import io.hostagent.app.fixture.Exposition;
import io.hostagent.app.fixture.RunningAgent;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * An agent on this machine as somebody scrapes it who may do nothing else.
 *
 * @param token of the scope {@code metrics}
 */
record AgentMetrics(RunningAgent agent, String token) {

    /** For so long the agent answers the same question with the same numbers, and a bit. */
    private static final Duration KEPT = Duration.ofSeconds(1);

    static AgentMetrics of(RunningAgent agent) {
        return new AgentMetrics(agent, AgentToken.create(agent, "metrics"));
    }

    /**
     * Asks for all of a part, or for some of its collectors.
     *
     * @param part such as {@code node}
     */
    String scrape(String part, String... collectors) {
        String parameters =
                List.of(collectors).stream()
                        .map(collector -> "collect%5B%5D=" + collector)
                        .collect(Collectors.joining("&"));
        String path = "/metrics/" + part + (parameters.isEmpty() ? "" : "?" + parameters);
        HttpResponse<String> answer = agent.get(path, AgentToken.headers(token));
        if (answer.statusCode() != 200) {
            throw new AssertionError(path + ": " + answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }

    /** Lets the numbers that the agent has read before be forgotten. */
    static void forget() {
        long end = System.nanoTime() + KEPT.toNanos();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    /** The same, read. */
    Exposition read(String part, String... collectors) {
        return Exposition.parse(scrape(part, collectors));
    }
}
