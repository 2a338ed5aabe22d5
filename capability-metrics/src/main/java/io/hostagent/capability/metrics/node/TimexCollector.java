// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.SampleSet;
import io.hostagent.core.kernel.Timex;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** How well the kernel's clock is kept, from adjtimex(2), which needs no privilege for asking. */
final class TimexCollector implements NodeCollector {

    /** Asks the kernel; seccomp may be in the way. */
    interface Source {
        Timex read() throws IOException;
    }

    private static final double MICROSECONDS = 1e6;

    /** Parts per million, with 16 bits behind the point. */
    private static final double PARTS = 1e6 * 65536;

    private record Value(Family family, ToDoubleFunction<Timex> of) {}

    private static final List<Value> VALUES =
            List.of(
                    gauge(
                            "sync_status",
                            "Whether somebody keeps the clock: 1, or 0.",
                            timex -> timex.kept() ? 1 : 0),
                    gauge(
                            "offset_seconds",
                            "What is still to be corrected, in seconds.",
                            timex -> timex.offset() / timex.divisor()),
                    gauge(
                            "frequency_adjustment_ratio",
                            "How much faster than by itself the clock is made to run.",
                            timex -> 1 + timex.frequency() / PARTS),
                    gauge(
                            "maxerror_seconds",
                            "How wrong the clock can be, in seconds.",
                            timex -> timex.maximumError() / MICROSECONDS),
                    gauge(
                            "estimated_error_seconds",
                            "How wrong the clock is taken to be, in seconds.",
                            timex -> timex.estimatedError() / MICROSECONDS),
                    gauge("status", "The bits STA_* of adjtimex.", Timex::status),
                    gauge(
                            "loop_time_constant",
                            "Time constant of the phase-locked loop.",
                            timex -> (double) timex.constant()),
                    gauge(
                            "tick_seconds",
                            "Seconds between two ticks.",
                            timex -> timex.tick() / MICROSECONDS),
                    gauge(
                            "pps_frequency_hertz",
                            "Frequency by a signal once a second.",
                            timex -> timex.pps().frequency() / PARTS),
                    gauge(
                            "pps_jitter_seconds",
                            "Jitter of a signal once a second.",
                            timex -> timex.pps().jitter() / timex.divisor()),
                    gauge(
                            "pps_shift_seconds",
                            "Length of an interval of a signal once a second, as a power of 2.",
                            timex -> timex.pps().shift()),
                    gauge(
                            "pps_stability_hertz",
                            "How much the frequency by a signal once a second changes.",
                            timex -> timex.pps().stability() / PARTS),
                    counter(
                            "pps_jitter_total",
                            "How often the jitter was too large.",
                            timex -> (double) timex.pps().jitterExceeded()),
                    counter(
                            "pps_calibration_total",
                            "Intervals of a signal once a second.",
                            timex -> (double) timex.pps().calibrations()),
                    counter(
                            "pps_error_total",
                            "Intervals that were of no use.",
                            timex -> (double) timex.pps().errors()),
                    counter(
                            "pps_stability_exceeded_total",
                            "How often the frequency changed too much.",
                            timex -> (double) timex.pps().stabilityExceeded()),
                    gauge(
                            "tai_offset_seconds",
                            "Seconds by which the atomic clocks are ahead of UTC.",
                            Timex::taiOffset));

    private final Source kernel;

    TimexCollector(Source kernel) {
        this.kernel = kernel;
    }

    private static Value gauge(String name, String help, ToDoubleFunction<Timex> of) {
        return new Value(Family.gauge("node_timex_" + name, help), of);
    }

    private static Value counter(String name, String help, ToDoubleFunction<Timex> of) {
        return new Value(Family.counter("node_timex_" + name, help), of);
    }

    @Override
    public String name() {
        return "timex";
    }

    @Override
    public void collect(NodeScrape scrape, SampleSet samples) throws IOException {
        Timex timex;
        try {
            timex = kernel.read();
        } catch (AccessDeniedException e) {
            throw new NoDataException(
                    "the seccomp profile of the agent's container does not allow adjtimex");
        }
        for (Value value : VALUES) {
            samples.family(value.family()).add(value.of().applyAsDouble(timex));
        }
    }
}
