// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import static java.time.ZoneOffset.UTC;
import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.core.fixture.RecordedHost;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimeCollectorTests {

    @TempDir private Path folder = Path.of("");

    private static final Instant WINTER = Instant.parse("2026-11-21T12:00:00.250Z");
    private static final Instant SUMMER = Instant.parse("2026-07-21T12:00:00Z");

    private static TimeCollector at(Instant now) {
        return new TimeCollector(Clock.fixed(now, UTC));
    }

    @Test
    void tellsTheTimeAndWhatItIsCountedWith() throws IOException {
        RecordedHost host = RecordedHost.in(folder).with("node/microvm.tree");

        assertThat(Collected.by(at(WINTER), host.files()).values())
                .containsEntry("node_time_seconds", WINTER.toEpochMilli() / 1e3)
                .containsEntry(
                        "node_time_clocksource_available_info"
                                + "{clocksource=\"kvm-clock\",device=\"0\"}",
                        1.0)
                .containsEntry(
                        "node_time_clocksource_available_info{clocksource=\"tsc\",device=\"0\"}",
                        1.0)
                .containsEntry(
                        "node_time_clocksource_current_info{clocksource=\"tsc\",device=\"0\"}", 1.0)
                .hasSize(5);
    }

    @Test
    void tellsTheZoneOfTheHost() throws IOException {
        RecordedHost host =
                RecordedHost.in(folder)
                        .link("etc/localtime", "../usr/share/zoneinfo/Europe/Berlin");

        assertThat(Collected.by(at(WINTER), host.files()).values())
                .containsEntry("node_time_zone_offset_seconds{time_zone=\"CET\"}", 3600.0);
        assertThat(Collected.by(at(SUMMER), host.files()).values())
                .containsEntry("node_time_zone_offset_seconds{time_zone=\"CEST\"}", 7200.0);
    }

    @Test
    void callsTheZoneOfAServerUtc() throws IOException {
        RecordedHost host =
                RecordedHost.in(folder).link("etc/localtime", "/usr/share/zoneinfo/Etc/UTC");

        assertThat(Collected.by(at(WINTER), host.files()).values())
                .containsEntry("node_time_zone_offset_seconds{time_zone=\"UTC\"}", 0.0);
    }

    @Test
    void takesItsOwnZoneForOneThatNobodyKnows() throws IOException {
        RecordedHost host =
                RecordedHost.in(folder).link("etc/localtime", "/usr/share/zoneinfo/Moon/Base");

        assertThat(Collected.by(at(WINTER), host.files()).names())
                .contains("node_time_zone_offset_seconds");
    }
}
