// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.app.fixture.AgentImage;
import io.hostagent.app.fixture.RemoteAgent;
import io.hostagent.lab.CommandResult;
import io.hostagent.lab.DockerHost;
import io.hostagent.lab.LabEngine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Builds the image as the README says, on the images of the lab, and runs it: with the builder of
 * Engine 20 and with BuildKit.
 */
@ParameterizedClass(name = "engine {0}")
@ValueSource(strings = {"20", "26"})
class ImageIT {

    private static final int PORT = 19009;

    /**
     * What must not be passed. It is below 140 on a machine without other work: see
     * docs/benchmarks.md. Here compilers may still be at it.
     */
    private static final int RESIDENT_LIMIT_MB = 155;

    private static final Duration START = Duration.ofSeconds(30);

    private static final Duration POLL = Duration.ofMillis(100);

    private static final Duration HEALTHY = Duration.ofSeconds(30);

    @LabEngine(value = "20", baseImages = true)
    @SuppressWarnings("NullAway.Init") // set by the lab
    private DockerHost old;

    @LabEngine(value = "26", baseImages = true)
    @SuppressWarnings("NullAway.Init") // set by the lab
    private DockerHost current;

    @Parameter
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private String version;

    private final List<String> containers = new ArrayList<>();

    @BeforeEach
    void buildImage() {
        AgentImage.buildOn(host());
    }

    @AfterEach
    void removeContainers() {
        for (String container : containers) {
            run("rm", "--force", "--volumes", container);
        }
    }

    @Test
    void showsWhatAPortainerServerLooksFor() {
        String format =
                "{{index .Config.Labels \"io.portainer.agent\"}} {{json .Config.ExposedPorts}}"
                        + " {{json .Config.Volumes}}";

        String config = succeed("image", "inspect", "--format", format, AgentImage.NAME);

        assertThat(config.strip()).isEqualTo("true {\"9001/tcp\":{}} null");
    }

    @Test
    void answersAndBecomesHealthy() {
        String agent = start(Map.of("CAP_PROXY", "1"));

        assertThat(awaitPing()).isEqualTo(204);
        await(HEALTHY, () -> state(agent, "{{.State.Health.Status}}").equals("healthy"));
    }

    @Test
    void endsWithinFiveSecondsOfSigterm() {
        String agent = start(Map.of("CAP_PROXY", "1"));
        awaitPing();

        Instant before = Instant.now();
        succeed("stop", "--time", "20", agent);

        assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(5));
        assertThat(state(agent, "{{.State.ExitCode}}")).isIn("0", "143");
    }

    @Test
    void refusesAFlagThatIsNeitherOnNorOff() {
        String agent = start(Map.of("CAP_METRICS", "maybe"));

        await(START, () -> state(agent, "{{.State.Status}}").equals("exited"));

        assertThat(state(agent, "{{.State.ExitCode}}")).isNotEqualTo("0");
        assertThat(logs(agent)).contains("CAP_METRICS=maybe");
    }

    @Test
    void startsFromItsCache() {
        // With AOTMode=on a JVM that cannot use the cache ends instead of starting without it.
        start(Map.of("CAP_PROXY", "1", "AGENT_JAVA_OPTIONS", "-XX:AOTMode=on"));

        assertThat(awaitPing()).isPositive();
    }

    @Test
    void staysSmall() {
        String agent = start(Map.of("CAP_PROXY", "1"));
        awaitPing();
        for (int request = 0; request < 500; request++) {
            agent().ping();
        }
        // The serving JVM gives memory of its compilers back every 10 s.
        await(Duration.ofSeconds(30), () -> residentMegabytes(agent) < RESIDENT_LIMIT_MB);
    }

    private DockerHost host() {
        return version.equals("20") ? old : current;
    }

    private CommandResult run(String... arguments) {
        return host().cli().run(arguments);
    }

    private String succeed(String... arguments) {
        return run(arguments).orThrow().out();
    }

    private String start(Map<String, String> environment) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "run",
                                "--detach",
                                // The image's own interval is 30 s.
                                "--health-interval=2s",
                                "--publish=" + PORT + ":9001",
                                "--volume=/var/run/docker.sock:/var/run/docker.sock",
                                "--volume=/var/lib/docker/volumes:/var/lib/docker/volumes",
                                "--volume=/data"));
        new TreeMap<>(environment)
                .forEach((name, value) -> arguments.add("--env=" + name + "=" + value));
        arguments.add(AgentImage.NAME);
        String container = succeed(arguments.toArray(String[]::new)).strip();
        containers.add(container);
        return container;
    }

    private String state(String container, String format) {
        return succeed("inspect", "--format", format, container).strip();
    }

    private int residentMegabytes(String container) {
        return succeed("top", container, "-eo", "pid,rss")
                        .lines()
                        .skip(1)
                        .mapToInt(line -> Integer.parseInt(line.replaceFirst(".*\\s", "")))
                        .sum()
                / 1024;
    }

    private String logs(String container) {
        CommandResult logs = run("logs", container).orThrow();
        return logs.out() + logs.err();
    }

    /** Waits for the first answer and returns its status. */
    private int awaitPing() {
        return Awaitility.await()
                .atMost(START)
                .pollInterval(POLL)
                .until(() -> agent().ping(), status -> status > 0);
    }

    private RemoteAgent agent() {
        return new RemoteAgent(host().address(), PORT);
    }

    private static void await(Duration limit, Callable<Boolean> condition) {
        Awaitility.await().atMost(limit).pollInterval(POLL).until(condition);
    }
}
