// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.hostagent.core.error.EngineException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EngineVolumesTests {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    /** Of Docker 26.1, shortened; what its filter lets through for a path has no such name. */
    private static final String LIST =
            """
            200 [
            {"Id":"aa","Names":["/web"],"Image":"x","State":"running","Status":"Up 2 hours",
             "Mounts":[{"Type":"volume","Name":"data","Source":"","Destination":"/d","Driver":"x",
             "Mode":"z","RW":true,"Propagation":""}]},
            {"Id":"bb","Names":["/other/alias","/old"],"State":"exited",
             "Mounts":[{"Type":"volume","Name":"data","Destination":"/d","Driver":"x"}]},
            {"Id":"cc","Names":["/path"],"State":"running",
             "Mounts":[{"Type":"bind","Source":"/data","Destination":"data"},
             {"Type":"volume","Name":"db","Destination":"/data","Driver":"local"}]},
            {"Id":"dd","Names":[],"State":"created","Mounts":[]}
            ]""";

    private final ScriptedDocker docker = new ScriptedDocker();
    private final EngineVolumes volumes = new EngineVolumes(docker.api);

    @AfterEach
    void close() {
        docker.close();
    }

    @Test
    void tellsWhichContainersHaveAVolume() {
        docker.answers.put("GET /containers/json", LIST);

        assertThat(volumes.users("data").block(LIMIT))
                .isEqualTo(
                        List.of(
                                new ContainerUse("aa", "web", "running"),
                                new ContainerUse("bb", "old", "exited")));
        assertThat(docker.asked())
                .containsExactly("GET /containers/json?all=1&filters={\"volume\":[\"data\"]}");
    }

    @Test
    void knowsWhatRunsFromWhatHasEnded() {
        for (String state : List.of("running", "paused", "restarting", "removing")) {
            assertThat(new ContainerUse("a", "a", state).isRunning()).isTrue();
        }
        for (String state : List.of("created", "exited", "dead")) {
            assertThat(new ContainerUse("a", "a", state).isRunning()).isFalse();
        }
    }

    @Test
    void saysWhyItCannotTell() {
        docker.answers.put("GET /containers/json", "500 {\"message\":\"broken\"}");
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> volumes.users("data").block(LIMIT))
                .withMessage("broken");

        docker.answers.put("GET /containers/json", "200 [");
        assertThatExceptionOfType(EngineException.class)
                .isThrownBy(() -> volumes.users("data").block(LIMIT));
    }
}
