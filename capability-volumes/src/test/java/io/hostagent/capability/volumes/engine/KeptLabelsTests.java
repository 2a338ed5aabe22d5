// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hostagent.capability.volumes.fixture.RecordingVolumes;
import io.hostagent.capability.volumes.volume.VolumeState;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KeptLabelsTests {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String ASK = "GET /volumes?filters={\"driver\":[\"hostagent\"]}";

    private final ScriptedDocker docker = new ScriptedDocker();
    private final RecordingVolumes volumes = new RecordingVolumes();
    private final KeptLabels labels =
            new KeptLabels(docker.api, "hostagent", volumes, Duration.ofMillis(100));

    @AfterEach
    void close() {
        labels.close();
        docker.close();
    }

    private void engineHas(String driver, String labels) {
        docker.answers.put(
                "GET /volumes",
                "200 {\"Volumes\":[{\"Name\":\"a\",\"Driver\":\"%s\",\"Labels\":%s}],\"Warnings\":null}"
                        .formatted(driver, labels));
    }

    private Map<String, String> kept() {
        return volumes.find("a").orElseThrow().record().labels();
    }

    private void lookTimes(int times) {
        labels.soon();
        await().atMost(LIMIT).until(() -> docker.asked(ASK) == times);
    }

    @Test
    void keepsWhatAnEngineForgets() {
        volumes.add("a", VolumeState.NEW, Optional.empty());
        engineHas("hostagent", "{\"of\":\"shop\",\"tier\":\"1\"}");

        lookTimes(1);
        await().atMost(LIMIT).until(() -> !kept().isEmpty());
        lookTimes(2);
        engineHas("hostagent", "null");
        lookTimes(3);

        await().during(Duration.ofMillis(300))
                .atMost(LIMIT)
                .until(() -> kept().equals(Map.of("of", "shop", "tier", "1")));
        assertThat(volumes.changes).containsExactly("label a {of=shop, tier=1}");
    }

    @Test
    void keepsNoMoreThanARecordShouldHave() {
        volumes.add("a", VolumeState.NEW, Optional.empty());
        engineHas(
                "hostagent", "{\"a\":\"1\",\"b\":\"%s\",\"c\":\"3\"}".formatted("x".repeat(2_048)));

        lookTimes(1);

        await().atMost(LIMIT).until(() -> kept().equals(Map.of("a", "1")));
        lookTimes(2);
        lookTimes(3);
        assertThat(volumes.changes).hasSize(1);
    }

    @Test
    void keepsNothingOfVolumesOfOtherDrivers() {
        volumes.add("a", VolumeState.NEW, Optional.empty());
        engineHas("local", "{\"of\":\"shop\"}");

        lookTimes(1);
        lookTimes(2);

        assertThat(kept()).isEmpty();
    }

    @Test
    void asksNothingWhereThereAreNoVolumes() {
        labels.listed();

        await().during(Duration.ofMillis(400)).until(() -> docker.asked().isEmpty());
    }
}
