// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountIdsTests {

    private static final UUID VOLUME = UUID.randomUUID();

    @TempDir Path folder;
    private final AtomicLong nanos = new AtomicLong();

    private MountIds ids() throws IOException {
        return new MountIds(folder, nanos::get);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void areYoungForAsLongAsAnEngineMayStillStartTheContainer() throws IOException {
        MountIds ids = ids();
        ids.add(VOLUME, "a");
        pass(Duration.ofSeconds(100));
        ids.add(VOLUME, "b");
        assertThat(ids.young(VOLUME)).containsExactly("a", "b");

        pass(Duration.ofSeconds(31));
        assertThat(ids.young(VOLUME)).containsExactly("b");
    }

    @Test
    void outliveTheAgentAndCountAsYoungThen() throws IOException {
        ids().add(VOLUME, "a");
        pass(Duration.ofHours(1));

        assertThat(ids().young(VOLUME)).containsExactly("a");
    }

    @Test
    void areGoneWhenGivenBack() throws IOException {
        MountIds ids = ids();
        ids.add(VOLUME, "a");
        ids.add(VOLUME, "a");
        ids.remove(VOLUME, "a");
        ids.remove(VOLUME, "never");

        assertThat(ids.young(VOLUME)).isEmpty();
        assertThat(ids().young(VOLUME)).isEmpty();
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void countNoMoreWhenTheEngineIsAnotherProcess() throws IOException {
        MountIds ids = ids();
        ids.add(VOLUME, "a");
        ids.suspectAll();
        assertThat(ids.young(VOLUME)).isEmpty();

        ids.add(VOLUME, "a");
        assertThat(ids.young(VOLUME)).containsExactly("a");
    }
}
