// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.volumes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Engines that stop, die and come back, with volumes in use. */
@ParameterizedClass(name = "engine {0}")
@ValueSource(strings = {"20", "26"})
class VolumeEngineLifeIT extends OnVolumesAgent {

    @Parameter
    @SuppressWarnings({
        "NullAway.Init",
        "UnusedVariable"
    }) // set by JUnit, which wants a place for it
    private String engine;

    @BeforeParameterizedClassInvocation
    static void start(String engine) {
        agent = VolumesAgent.start(engine, Map.of());
    }

    @AfterParameterizedClassInvocation
    static void end() {
        removeAll();
    }

    @Test
    @DisplayName("C-50: what restarts always runs again when the engine does, with its data")
    void whatRestartsAlwaysRunsAgain() {
        Writer writer = Writer.start(agent, "c50", "c50", "--restart=always");

        agent.host().stopEngine();
        assertThat(agent.plugin().get("c50").err()).isEmpty();
        agent.host().startEngine();

        writer.awaitMore();
        writer.check();
        assertThat(agent.mounts("c50")).hasSize(1);
        writer.stop();
        awaitFree("c50");
    }

    @Test
    @DisplayName("C-54, F-25: an engine that is killed leaks no user, and its containers are seen")
    void anEngineThatIsKilledLeaksNoUser() {
        Writer one = Writer.start(agent, "c54-one", "c54");
        agent.dockerOk(
                "run",
                "--detach",
                "--name=c54-two",
                "--volume=c54:/d",
                VolumesAgent.IMAGE,
                "sleep",
                "1000000");

        agent.host().killEngine();
        // Its containers write on, and the engine cannot be asked.
        String refused = agent.api().text("DELETE", "/v2/volumes/c54?onremove=delete&wait=60s", "");
        assertThat(refused).startsWith("409");
        agent.host().startEngine();

        // Without a policy they are stopped by the engine, which never unmounts them.
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(agent.dockerOk("ps", "--quiet")).isEmpty());
        one.check(agent.tree("c54"));
        agent.dockerOk("rm", "--force", "c54-one", "c54-two");
        awaitFree("c54");
        agent.dockerOk("volume", "rm", "c54");
        assertThat(agent.api().names()).doesNotContain("c54");
    }

    @Test
    @DisplayName("C-55: with live-restore a writer goes on while its engine restarts")
    void aWriterOutlivesItsEngine() {
        agent.on(
                "sh",
                "-c",
                "echo '{\"live-restore\":true}' >/etc/docker/daemon.json; kill -HUP $(cat /run/docker.pid)");
        Awaitility.await()
                .untilAsserted(
                        () ->
                                assertThat(
                                                agent.dockerOk(
                                                        "info", "--format={{.LiveRestoreEnabled}}"))
                                        .isEqualTo("true"));
        Writer writer = Writer.start(agent, "c55", "c55");

        agent.host().stopEngine();
        agent.host().startEngine();
        agent.dockerOk("exec", "c55", "sh", "-c", "echo copied >/d/in");
        agent.dockerOk("cp", "c55:/d/in", "-");

        assertThat(agent.plugin().remove("c55").err()).contains("c55");
        writer.awaitMore();
        writer.check();
        assertThat(writer.largestGap()).isLessThan(Duration.ofSeconds(3));
        writer.stop();
        awaitFree("c55");
        agent.on("sh", "-c", "rm /etc/docker/daemon.json; kill -HUP $(cat /run/docker.pid)");
    }
}
