// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.facts;

import static java.time.ZoneOffset.UTC;
import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.core.fixture.RecordedHost;
import io.hostagent.core.kernel.KernelClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClockFactsTests {

    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final Instant LAST = Instant.parse("2026-11-21T11:43:00Z");

    @TempDir private Path folder = Path.of("");

    private final ClockFacts clock =
            new ClockFacts(
                    () -> new KernelClock(true, 0.25, 0.001, -0.0005), Clock.fixed(NOW, UTC));

    @Test
    void tellHowWellTheClockIsKeptAndByWhat() throws IOException {
        RecordedHost host = RecordedHost.in(folder).file("run/systemd/timesync/synchronized", "");
        Files.setLastModifiedTime(
                folder.resolve("run/systemd/timesync/synchronized"), FileTime.from(LAST));

        assertThat(clock.read(host.files()).values())
                .containsEntry("time", NOW.toString())
                .containsEntry("synchronised", true)
                .containsEntry("maximumErrorSeconds", 0.25)
                .containsEntry("estimatedErrorSeconds", 0.001)
                .containsEntry("offsetSeconds", -0.0005)
                .containsEntry("daemon", "systemd-timesyncd")
                .containsEntry("lastSynchronised", LAST.toString());
    }

    @Test
    void knowChrony() {
        RecordedHost host = RecordedHost.in(folder).file("run/chrony/chronyd.pid", "612\n");

        assertThat(clock.read(host.files()).values())
                .containsEntry("daemon", "chrony")
                .doesNotContainKey("lastSynchronised");
    }

    @Test
    void nameWhatTheKernelDoesNotAllow() {
        ClockFacts forbidden =
                new ClockFacts(
                        () -> {
                            throw new IOException("adjtimex fails with errno 1");
                        },
                        Clock.fixed(NOW, UTC));

        Part part = forbidden.read(RecordedHost.in(folder).files());

        assertThat(part.values()).containsOnlyKeys("time");
        assertThat(part.json().get("absent"))
                .asString()
                .contains("what=synchronised", "errno 1", "seccomp", "what=daemon");
    }
}
