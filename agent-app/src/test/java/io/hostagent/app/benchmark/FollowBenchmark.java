// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.benchmark;

import io.hostagent.app.fixture.RunningAgent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.awaitility.Awaitility;

/** What {@code docker logs -f} costs the agent in memory, many times at once. */
final class FollowBenchmark {

    private final RunningAgent agent;
    private final String credentials;
    private final SSLContext tls;

    FollowBenchmark(RunningAgent agent, String credentials, SSLContext tls) {
        this.agent = agent;
        this.credentials = credentials;
        this.tls = tls;
    }

    /**
     * Opens streams and keeps them open for a while.
     *
     * @return megabytes of resident memory that they cost
     */
    double run(String container, int streams) throws IOException {
        // The first time, a compiler's memory would be counted as that of the streams.
        open(container, streams);
        return open(container, streams);
    }

    private double open(String container, int streams) throws IOException {
        long before = agent.residentBytes();
        List<HttpWire> open = new ArrayList<>();
        try {
            for (int i = 0; i < streams; i++) {
                HttpWire wire = HttpWire.tls(tls, agent.port());
                open.add(wire);
                wire.request("/containers/" + container + "/logs?stdout=1&follow=1", credentials);
                wire.head();
            }
            Duration settling = Duration.ofSeconds(15);
            long[] peak = {0};
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(500))
                    .during(settling)
                    .atMost(settling.plusSeconds(10))
                    .until(
                            () -> {
                                peak[0] = Math.max(peak[0], agent.residentBytes());
                                return true;
                            });
            return (peak[0] - before) / 1e6;
        } finally {
            for (HttpWire wire : open) {
                wire.close();
            }
        }
    }
}
