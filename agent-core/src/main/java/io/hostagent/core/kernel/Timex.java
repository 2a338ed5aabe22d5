// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.AccessDeniedException;

/**
 * All that the kernel tells about its clock, in the units of {@code struct timex}, see adjtimex(2).
 * There is one clock for all containers.
 *
 * @param state 5 when nobody says that the clock is right, less when a daemon does
 * @param offset what is still to be corrected, in {@link #divisor} parts of a second
 * @param frequency by which the clock is made faster, in parts per million times 65536
 * @param maximumError how wrong the clock can be, in microseconds
 * @param estimatedError how wrong the daemon thinks it is, in microseconds
 * @param status bits {@code STA_*}
 * @param constant of the phase-locked loop
 * @param tick microseconds between two ticks
 * @param pps what a signal once a second tells
 * @param taiOffset seconds between UTC and the atomic clocks
 */
public record Timex(
        int state,
        long offset,
        long frequency,
        long maximumError,
        long estimatedError,
        int status,
        long constant,
        long tick,
        Pps pps,
        int taiOffset) {

    /**
     * What a signal once a second tells, where there is one.
     *
     * @param frequency in parts per million times 65536
     * @param jitter in {@link Timex#divisor} parts of a second
     * @param shift the length of an interval, as the exponent of 2, in seconds
     * @param stability in parts per million times 65536
     * @param jitterExceeded how often the jitter was too large
     * @param calibrations how many intervals there were
     * @param errors how many of them failed
     * @param stabilityExceeded how often the frequency jumped too far
     */
    public record Pps(
            long frequency,
            long jitter,
            int shift,
            long stability,
            long jitterExceeded,
            long calibrations,
            long errors,
            long stabilityExceeded) {}

    /** The state of a clock that nobody keeps. */
    private static final int ERROR = 5;

    private static final int UNSYNCHRONISED = 0x40;
    private static final int NANOSECONDS = 0x2000;

    /** {@code struct timex}; its first field says what to change, and 0 is nothing. */
    private static final long SIZE = 208;

    private static final class Function {
        static final MethodHandle ADJTIMEX = Libc.function("adjtimex", Libc.pointer());
    }

    /**
     * Asks the kernel.
     *
     * @throws AccessDeniedException when it refuses, as seccomp may make it
     * @throws IOException when it does not know how
     */
    public static Timex read() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = Libc.state(arena);
            MemorySegment timex = arena.allocate(SIZE, Long.BYTES);
            int state = call(errno, timex);
            if (state < 0) {
                int number = Libc.errno(errno);
                String text = "adjtimex fails with errno " + number;
                throw number == Reason.NOT_PERMITTED
                        ? new AccessDeniedException("adjtimex", null, text)
                        : new IOException(text);
            }
            return of(state, timex);
        }
    }

    private static Timex of(int state, MemorySegment timex) {
        return new Timex(
                state,
                timex.get(JAVA_LONG, 8),
                timex.get(JAVA_LONG, 16),
                timex.get(JAVA_LONG, 24),
                timex.get(JAVA_LONG, 32),
                timex.get(JAVA_INT, 40),
                timex.get(JAVA_LONG, 48),
                timex.get(JAVA_LONG, 88),
                new Pps(
                        timex.get(JAVA_LONG, 96),
                        timex.get(JAVA_LONG, 104),
                        timex.get(JAVA_INT, 112),
                        timex.get(JAVA_LONG, 120),
                        timex.get(JAVA_LONG, 128),
                        timex.get(JAVA_LONG, 136),
                        timex.get(JAVA_LONG, 144),
                        timex.get(JAVA_LONG, 152)),
                timex.get(JAVA_INT, 160));
    }

    private static int call(MemorySegment errno, MemorySegment timex) {
        try {
            return (int) Function.ADJTIMEX.invokeExact(errno, timex);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether the call itself says that the clock is kept; the status may be a moment older. */
    public boolean kept() {
        return state != ERROR;
    }

    /** Whether a daemon says that the clock is right. */
    public boolean synchronised() {
        return (status & UNSYNCHRONISED) == 0;
    }

    /** How many parts a second has in {@link #offset} and {@link Pps#jitter}. */
    public double divisor() {
        return (status & NANOSECONDS) == 0 ? 1e6 : 1e9;
    }
}
