// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.image;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.Ports;
import io.hostagent.app.fixture.AgentImage;
import io.hostagent.app.fixture.RemoteAgent;
import io.hostagent.app.fixture.TestKey;
import io.hostagent.lab.DockerHost;
import io.hostagent.lab.LabEngine;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/** The agent as its users run it: its own image in a container, started by Testcontainers. */
class AgentContainerIT {

    private static final int PORT = 9001;
    private static final String SECRET = "a-long-random-text";
    private static final String VOLUME = "agent-container-it";
    private static final Duration START = Duration.ofSeconds(60);

    /** How long the agent may take to notice a token made or revoked. */
    private static final Duration NOTICED = Duration.ofSeconds(2);

    @LabEngine(baseImages = true)
    @SuppressWarnings("NullAway.Init") // set by the lab
    private static DockerHost host;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static GenericContainer<?> container;

    private final TestKey server = TestKey.create();

    @BeforeAll
    static void start() {
        AgentImage.buildOn(host);
        removeVolume();
        LabClientStrategy.use(host);
        container = agent();
        container.start();
    }

    @AfterAll
    static void remove() {
        container.stop();
        removeVolume();
    }

    private static void removeVolume() {
        host.cli().run("volume", "rm", "--force", VOLUME).orThrow();
    }

    /** A container as in the README. */
    private static GenericContainer<?> agent() {
        return new GenericContainer<>(DockerImageName.parse(AgentImage.NAME))
                .withEnv("AGENT_SECRET", SECRET)
                .withEnv("CAP_VOLUMES", "1")
                .withExposedPorts(PORT)
                .withCreateContainerCmdModifier(
                        command ->
                                requireNonNull(command.getHostConfig())
                                        .withBinds(
                                                Bind.parse(
                                                        "/var/run/docker.sock:/var/run/docker.sock"),
                                                Bind.parse(VOLUME + ":/data")))
                .waitingFor(
                        Wait.forHttps("/ping")
                                .allowInsecure()
                                .forStatusCode(204)
                                .withStartupTimeout(START));
    }

    @Test
    void runsOnTheLab() {
        assertThat(DockerClientFactory.instance().getInfo().getServerVersion())
                .isEqualTo(host.engineVersion());
        assertThat(container.getHost()).isEqualTo(host.address());
    }

    @Test
    void answersWithoutASignatureThatItIsThere() {
        assertThat(reach(container).ping()).isEqualTo(204);
    }

    @Test
    void takesWhatIsSignedWithItsSecretAndNothingElse() {
        HttpResponse<String> signed = reach(container).get("/version", server.headers(SECRET));

        assertThat(signed.statusCode()).isEqualTo(200);
        assertThat(signed.body()).contains(host.engineVersion());
        assertThat(reach(container).status("/version", server.headers())).isEqualTo(403);
        assertThat(reach(container).status("/version", Map.of())).isEqualTo(403);
    }

    @Test
    void keepsATokenAcrossARestartAndInItsNextContainer() throws Exception {
        Map<String, String> token = Map.of("Authorization", "Bearer " + createToken());
        awaitOk(container, token, NOTICED);

        container.getDockerClient().restartContainerCmd(container.getContainerId()).exec();
        awaitOk(container, token, START);

        try (GenericContainer<?> next = agent()) {
            next.start();
            assertThat(reach(next).status("/version", token)).isEqualTo(200);
        }
    }

    private static String createToken() throws Exception {
        ExecResult result =
                container.execInContainer(
                        "agent", "token", "create", "--scope", "read", "--name", "it");
        assertThat(result.getExitCode()).as(result.getStderr()).isZero();
        return result.getStdout().strip();
    }

    private static void awaitOk(
            GenericContainer<?> agent, Map<String, String> headers, Duration limit) {
        Awaitility.await()
                .atMost(limit)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> reach(agent).status("/version", headers) == 200);
    }

    /** By the port of this moment: a restart publishes another one. */
    private static RemoteAgent reach(GenericContainer<?> agent) {
        Ports ports = agent.getCurrentContainerInfo().getNetworkSettings().getPorts();
        Ports.Binding[] published = ports.getBindings().get(ExposedPort.tcp(PORT));
        String port = requireNonNull(published)[0].getHostPortSpec();
        return new RemoteAgent(agent.getHost(), Integer.parseInt(port));
    }
}
