// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.metrics;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hostagent.app.fixture.Exposition;
import io.hostagent.app.fixture.RunningAgent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A file system on this machine whose server takes all questions and answers none: one of FUSE, the
 * other end of which is held open by somebody who never reads.
 */
class StuckMountIT {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final double TIMEOUT = 0.5;

    /** Mounts at its first argument and holds the server's end of it. */
    private static final String SILENT =
            "exec 3<>/dev/fuse"
                    + " && mount -i -t fuse -o fd=3,rootmode=40000,user_id=0,group_id=0 none \"$1\""
                    + " && exec sleep 600";

    @TempDir private Path point = Path.of("");

    private @Nullable AgentMetrics agent;

    private @Nullable Process server;

    @BeforeEach
    void start() throws IOException {
        assumeTrue(Files.exists(Path.of("/dev/fuse")), "this machine has no /dev/fuse");
        agent =
                AgentMetrics.of(
                        RunningAgent.start(
                                Map.of(
                                        "CAP_METRICS",
                                        "1",
                                        "METRICS_NODE_FILESYSTEM_MOUNT_TIMEOUT",
                                        "500ms")));
    }

    @AfterEach
    void stop() throws Exception {
        if (agent != null) {
            agent.agent().close();
        }
        kill();
        new ProcessBuilder("umount", "--lazy", "--quiet", point.toString()).start().waitFor();
    }

    private void kill() throws InterruptedException {
        if (server != null) {
            server.destroyForcibly();
            assertThat(server.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void costsItsOwnNumbersAndOneTimeout() throws Exception {
        Set<String> before = measured(scrape());
        server =
                new ProcessBuilder("bash", "-c", SILENT, "silent", point.toString())
                        .inheritIO()
                        .start();
        Awaitility.await().atMost(SOON).until(() -> !errors(scrape()).isEmpty());

        // The first that met it has waited; from then on nobody does.
        Exposition after = scrape();
        assertThat(errors(after)).containsExactly("mountpoint timeout");
        assertThat(measured(after)).isEqualTo(before);
        assertThat(secondsOfCollector(after)).isLessThan(TIMEOUT);

        kill();
        Awaitility.await()
                .atMost(SOON)
                .untilAsserted(
                        () ->
                                assertThat(errors(scrape()))
                                        .containsExactly("transport endpoint is not connected"));

        assertThat(new ProcessBuilder("umount", point.toString()).start().waitFor()).isZero();
        assertThat(errors(scrape())).isEmpty();
    }

    private Exposition scrape() {
        AgentMetrics.forget();
        return requireNonNull(agent).read("node");
    }

    /** What is said of the mount in place of its numbers. */
    private List<String> errors(Exposition exposition) {
        return exposition.samples("node_filesystem_device_error").stream()
                .filter(sample -> sample.label("mountpoint").equals(point.toString()))
                .filter(sample -> sample.value() == 1)
                .map(sample -> sample.label("device_error"))
                .toList();
    }

    /** The mount points with numbers. */
    private static Set<String> measured(Exposition exposition) {
        return exposition.samples("node_filesystem_size_bytes").stream()
                .map(sample -> sample.label("mountpoint"))
                .collect(Collectors.toSet());
    }

    private static double secondsOfCollector(Exposition exposition) {
        return exposition.samples("node_scrape_collector_duration_seconds").stream()
                .filter(sample -> sample.label("collector").equals("filesystem"))
                .mapToDouble(Exposition.Sample::value)
                .sum();
    }
}
