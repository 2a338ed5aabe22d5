// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WarmUpTests {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String VOLUMES = "GET /volumes";
    private static final String INFO = "GET /info";
    private static final String KNOWN =
            "200 {\"ID\":\"e\",\"Plugins\":{\"Volume\":[\"local\",\"x\"],\"Network\":[\"bridge\"]}}";

    private final ScriptedDocker docker = new ScriptedDocker();
    private final WarmUp warmUp = new WarmUp(docker.api, "x", Duration.ofMillis(10));

    @AfterEach
    void close() {
        warmUp.close();
        docker.close();
    }

    private void awaitAsked(String line, long times) {
        await().atMost(LIMIT).until(() -> docker.asked(line) >= times);
    }

    @Test
    void asksOnceWhenTheEngineKnowsTheDriver() {
        docker.answers.put(VOLUMES, "200 {\"Volumes\":[],\"Warnings\":null}");
        docker.answers.put(INFO, KNOWN);

        warmUp.listed();
        assertThat(docker.asked()).isEmpty();
        warmUp.opened();
        awaitAsked(INFO, 1);

        await().during(Duration.ofMillis(300)).until(() -> docker.asked().size() == 2);
        assertThat(docker.asked()).containsExactly(VOLUMES, INFO);
    }

    @Test
    void asksUntilTheEngineKnowsTheDriver() {
        docker.answers.put(VOLUMES, "500 {\"message\":\"not now\"}");
        docker.answers.put(INFO, "200 {\"Plugins\":{\"Volume\":[\"local\"]}}");
        warmUp.opened();
        warmUp.listed();
        awaitAsked(VOLUMES, 2);

        docker.answers.put(VOLUMES, "200 {}");
        awaitAsked(INFO, 2);
        docker.answers.put(INFO, KNOWN);

        await().during(Duration.ofSeconds(1)).atMost(LIMIT).until(this::isQuiet);
        assertThat(docker.asked().getLast()).isEqualTo(INFO);
        assertThat(docker.asked(VOLUMES)).isLessThan(10);
    }

    private long last = -1;

    private boolean isQuiet() {
        long now = docker.asked().size();
        boolean same = now == last;
        last = now;
        return same;
    }

    @Test
    void givesUpUntilTheEngineIsConnectedAgain() {
        docker.answers.put(VOLUMES, "200 {}");
        docker.answers.put(INFO, "200 {}");
        warmUp.opened();
        warmUp.listed();
        await().atMost(Duration.ofSeconds(40)).until(() -> docker.asked(INFO) == 10);
        await().during(Duration.ofMillis(300)).until(() -> docker.asked(INFO) == 10);

        docker.answers.put(INFO, KNOWN);
        warmUp.listed();
        awaitAsked(INFO, 11);
    }
}
