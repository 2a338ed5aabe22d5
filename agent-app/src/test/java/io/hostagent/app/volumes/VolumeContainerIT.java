// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.volumes;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.app.fixture.AgentImage;
import io.hostagent.app.fixture.TestKey;
import io.hostagent.lab.CommandResult;
import io.hostagent.lab.DockerHost;
import io.hostagent.lab.LabEngine;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The agent in a container, as most people run it. */
class VolumeContainerIT {

    private static final String AGENT = "volume-container-it";
    private static final String DRIVER = "contained";
    private static final String HOME = "/srv/contained";
    private static final String IMAGE = "lab/workload:1";
    private static final String SECRET = "the-secret-of-a-test";
    private static final int PORT = 9448;
    private static final Duration START = Duration.ofMinutes(1);

    @LabEngine(baseImages = true)
    @SuppressWarnings("NullAway.Init") // set by the lab
    private static DockerHost host;

    private final Map<String, String> headers = TestKey.create().headers(SECRET);

    @BeforeAll
    static void build() {
        AgentImage.buildOn(host);
        host.exec("mkdir", HOME).orThrow();
    }

    /** No engine that follows meets a plugin that is gone. */
    @AfterEach
    void remove() {
        host.cli().run("rm", "--force", "contained-one", "contained-two");
        for (String name :
                host.cli()
                        .run("volume", "ls", "--quiet", "--filter=driver=" + DRIVER)
                        .out()
                        .lines()
                        .toList()) {
            Awaitility.await()
                    .atMost(START)
                    .until(() -> host.cli().run("volume", "rm", name).succeeded());
        }
        host.cli().run("rm", "--force", "--volumes", AGENT).orThrow();
        host.exec(
                "sh",
                "-c",
                "for m in "
                        + HOME
                        + "/mounts/*; do umount $m; done; rm -rf /run/docker/plugins/"
                        + DRIVER);
    }

    private VolumesApi start(String propagation) {
        host.cli()
                .run(
                        "run",
                        "--detach",
                        "--name=" + AGENT,
                        "--privileged",
                        "--pid=host",
                        "--network=host",
                        "--env=AGENT_SECRET=" + SECRET,
                        "--env=AGENT_PORT=" + PORT,
                        "--env=CAP_VOLUMES=1",
                        "--env=VOLUMES_DRIVER=" + DRIVER,
                        "--env=VOLUMES_PATH=" + HOME,
                        "--env=VOLUMES_BACKEND=directory",
                        "--volume=/var/run/docker.sock:/var/run/docker.sock",
                        "--volume=/run/docker/plugins:/run/docker/plugins",
                        "--volume=/dev:/dev",
                        "--volume=" + HOME + ":" + HOME + propagation,
                        AgentImage.NAME)
                .orThrow();
        VolumesApi api = new VolumesApi(host.address() + ":" + PORT, headers);
        Awaitility.await().atMost(START).until(api::answers);
        return api;
    }

    private static CommandResult run(String... words) {
        String[] line = new String[words.length + 2];
        line[0] = "run";
        line[1] = "--volume-driver=" + DRIVER;
        System.arraycopy(words, 0, line, 2, words.length);
        return host.cli().withTimeout(Duration.ofSeconds(100)).run(line);
    }

    @Test
    @DisplayName(
            "C-01, C-56 in a container: volumes outlive the agent's container and its restarts")
    void volumesOutliveTheAgentsContainer() {
        VolumesApi api = start(":rshared");
        run(
                        "--detach",
                        "--name=contained-one",
                        "--volume=kept:/d",
                        IMAGE,
                        "sh",
                        "-c",
                        "while :; do date +%s >>/d/seconds; sleep 1; done")
                .orThrow();
        String id = api.volume("kept").path("id").asString();
        assertThat(host.exec("ls", HOME + "/mounts/" + id + "/_data").out()).contains("seconds");

        host.cli().run("rm", "--force", "--volumes", AGENT).orThrow();
        int lines = lines(id);
        Awaitility.await().until(() -> lines(id) > lines);
        VolumesApi next = start(":rshared");

        assertThat(next.volume("kept").path("id").asString()).isEqualTo(id);
        Awaitility.await()
                .untilAsserted(
                        () ->
                                assertThat(next.users("kept"))
                                        .anyMatch(user -> user.contains("contained-one")));
        Awaitility.await().until(() -> lines(id) > lines + 1);
        assertThat(run("--rm", "--volume=kept:/d", IMAGE, "wc", "-l", "/d/seconds").orThrow().out())
                .contains("seconds");
        assertThat(
                        host.exec("sh", "-c", "grep -c mounts/" + id + " /proc/1/mountinfo")
                                .out()
                                .strip())
                .isEqualTo("1");
    }

    private static int lines(String id) {
        String count =
                host.exec("sh", "-c", "wc -l <" + HOME + "/mounts/" + id + "/_data/seconds")
                        .orThrow()
                        .out();
        return Integer.parseInt(count.strip());
    }

    @Test
    @DisplayName(
            "F-42: without rshared the agent serves no volume, says why, and nothing is written beside")
    void refusesToServeWithoutSharedMounts() {
        VolumesApi api = start("");
        CommandResult result =
                run(
                        "--rm",
                        "--name=contained-two",
                        "--volume=refused:/d",
                        IMAGE,
                        "touch",
                        "/d/lost");

        assertThat(result.succeeded()).isFalse();
        assertThat(result.err()).contains("rshared");
        assertThat(host.exec("find", HOME, "-name", "lost").out()).isEmpty();
        assertThat(api.text("GET", "/v2/capabilities", "")).contains("rshared");
    }
}
