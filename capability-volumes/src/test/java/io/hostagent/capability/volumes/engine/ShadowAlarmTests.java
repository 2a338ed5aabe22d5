// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.hostagent.capability.volumes.event.VolumeEvent;
import io.hostagent.capability.volumes.fixture.RecordingVolumes;
import io.hostagent.capability.volumes.volume.VolumeState;
import io.hostagent.core.docker.ContainerId;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ShadowAlarmTests {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String ASK = "GET /volumes?filters={\"driver\":[\"local\"]}";
    private static final ContainerId ID = new ContainerId("0123456789abcdef".repeat(4));

    private final ScriptedDocker docker = new ScriptedDocker();
    private final RecordingVolumes volumes = new RecordingVolumes();
    private final ShadowAlarm alarm =
            new ShadowAlarm(
                    docker.api,
                    volumes,
                    docker.events::add,
                    Clock.systemUTC(),
                    Duration.ofMillis(100));

    @AfterEach
    void close() {
        alarm.close();
        docker.close();
    }

    private void engineHas(String... names) {
        StringBuilder list = new StringBuilder("200 {\"Volumes\":[");
        for (String name : names) {
            list.append(list.toString().endsWith("[") ? "" : ",")
                    .append("{\"Name\":\"")
                    .append(name)
                    .append("\",\"Driver\":\"local\",\"Options\":null}");
        }
        docker.answers.put("GET /volumes", list.append("],\"Warnings\":null}").toString());
    }

    @Test
    void tellsOnceOfALocalVolumeWithTheNameOfOneOfOurs() {
        volumes.add("a", VolumeState.ACTIVE, Optional.empty());
        volumes.add("gone", VolumeState.DELETED, Optional.empty());
        engineHas("a", "gone", "other");

        alarm.listed();
        await().atMost(LIMIT).until(() -> !alarm.shadowed().isEmpty());
        alarm.changed(ID);
        await().atMost(LIMIT).until(() -> docker.asked(ASK) == 2);

        assertThat(alarm.shadowed()).containsExactly("a");
        assertThat(alarm.missing().orElseThrow().why()).endsWith("have the names of a");
        assertThat(docker.events)
                .extracting(VolumeEvent::action, VolumeEvent::volume)
                .containsExactly(tuple("alarm", "a"));

        engineHas();
        alarm.soon();
        await().atMost(LIMIT).until(() -> alarm.missing().isEmpty());
    }

    @Test
    void looksOnceForAllThatHappensInAMoment() {
        volumes.add("a", VolumeState.ACTIVE, Optional.empty());
        engineHas();

        for (int i = 0; i < 100; i++) {
            alarm.changed(ID);
        }

        await().during(Duration.ofMillis(500)).atMost(LIMIT).until(() -> docker.asked(ASK) <= 1);
        assertThat(docker.asked(ASK)).isOne();
    }

    @Test
    void asksNothingWhereThereAreNoVolumes() {
        alarm.listed();

        await().during(Duration.ofMillis(400)).until(() -> docker.asked().isEmpty());
    }

    @Test
    void looksAgainAfterAnEngineThatDidNotAnswer() {
        volumes.add("a", VolumeState.ACTIVE, Optional.empty());
        alarm.listed();
        await().atMost(LIMIT).until(() -> docker.asked(ASK) == 1);

        engineHas("a");
        await().atMost(LIMIT)
                .until(
                        () -> {
                            alarm.changed(ID);
                            return alarm.shadowed().size() == 1;
                        });
    }
}
