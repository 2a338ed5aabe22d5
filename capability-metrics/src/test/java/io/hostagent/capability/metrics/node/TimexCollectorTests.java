// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostagent.core.fixture.RecordedHost;
import io.hostagent.core.kernel.Timex;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimexCollectorTests {

    @TempDir private Path folder = Path.of("");

    private static final Timex.Pps PPS = new Timex.Pps(6553600, 500, 3, 65536, 7, 8, 9, 10);

    private Collected collected(TimexCollector.Source source) throws IOException {
        return Collected.by(new TimexCollector(source), RecordedHost.in(folder).files());
    }

    @Test
    void tellsSecondsAndRatios() throws IOException {
        Timex timex = new Timex(0, -77, 65536, 1500, 20, 0x2001, 7, 10000, PPS, 37);

        Collected found = collected(() -> timex);

        assertThat(found.values())
                .containsEntry("node_timex_sync_status", 1.0)
                .containsEntry("node_timex_offset_seconds", -77e-9)
                .containsEntry("node_timex_frequency_adjustment_ratio", 1.000001)
                .containsEntry("node_timex_maxerror_seconds", 0.0015)
                .containsEntry("node_timex_estimated_error_seconds", 2e-5)
                .containsEntry("node_timex_status", 8193.0)
                .containsEntry("node_timex_loop_time_constant", 7.0)
                .containsEntry("node_timex_tick_seconds", 0.01)
                .containsEntry("node_timex_pps_frequency_hertz", 1e-4)
                .containsEntry("node_timex_pps_jitter_seconds", 5e-7)
                .containsEntry("node_timex_pps_shift_seconds", 3.0)
                .containsEntry("node_timex_pps_stability_hertz", 1e-6)
                .containsEntry("node_timex_pps_jitter_total", 7.0)
                .containsEntry("node_timex_pps_calibration_total", 8.0)
                .containsEntry("node_timex_pps_error_total", 9.0)
                .containsEntry("node_timex_pps_stability_exceeded_total", 10.0)
                .containsEntry("node_timex_tai_offset_seconds", 37.0)
                .hasSize(17);
        assertThat(found.types())
                .containsEntry("node_timex_pps_jitter_total", "counter")
                .containsEntry("node_timex_pps_jitter_seconds", "gauge");
    }

    @Test
    void countsInMicrosecondsWhenTheStatusSaysSo() throws IOException {
        Timex timex = new Timex(5, 500, 0, 0, 0, 0x40, 0, 10000, PPS, 0);

        assertThat(collected(() -> timex).values())
                .containsEntry("node_timex_sync_status", 0.0)
                .containsEntry("node_timex_offset_seconds", 5e-4);
    }

    @Test
    void hasNothingWhereSeccompForbidsIt() {
        assertThatThrownBy(
                        () ->
                                collected(
                                        () -> {
                                            throw new AccessDeniedException("adjtimex");
                                        }))
                .isInstanceOf(NoDataException.class)
                .hasMessageContaining("seccomp");
    }
}
