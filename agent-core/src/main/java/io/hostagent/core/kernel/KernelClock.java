// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * How well the kernel's clock is kept, see adjtimex(2). There is one clock for all containers.
 *
 * @param synchronised whether a daemon says so
 * @param maximumErrorSeconds how wrong the clock can be; it grows by 0.0005 a second without a
 *     daemon, up to 16
 * @param estimatedErrorSeconds how wrong the daemon thinks it is
 * @param offsetSeconds what the kernel still has to correct
 */
public record KernelClock(
        boolean synchronised,
        double maximumErrorSeconds,
        double estimatedErrorSeconds,
        double offsetSeconds) {

    /** {@code struct timex}; its first field says what to change, and 0 is nothing. */
    private static final long SIZE = 208;

    private static final long OFFSET = 8;
    private static final long MAXIMUM_ERROR = 24;
    private static final long ESTIMATED_ERROR = 32;
    private static final long STATUS = 40;

    private static final int UNSYNCHRONISED = 0x40;
    private static final int NANOSECONDS = 0x2000;

    private static final class Function {
        static final MethodHandle ADJTIMEX = Libc.function("adjtimex", Libc.pointer());
    }

    /**
     * Asks the kernel.
     *
     * @throws IOException when it refuses, as seccomp may make it
     */
    public static KernelClock read() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = Libc.state(arena);
            MemorySegment timex = arena.allocate(SIZE, Long.BYTES);
            if (call(state, timex) < 0) {
                throw new IOException("adjtimex fails with errno " + Libc.errno(state));
            }
            int status = timex.get(JAVA_INT, STATUS);
            return new KernelClock(
                    (status & UNSYNCHRONISED) == 0,
                    timex.get(JAVA_LONG, MAXIMUM_ERROR) / 1e6,
                    timex.get(JAVA_LONG, ESTIMATED_ERROR) / 1e6,
                    timex.get(JAVA_LONG, OFFSET) / ((status & NANOSECONDS) == 0 ? 1e6 : 1e9));
        }
    }

    private static int call(MemorySegment state, MemorySegment timex) {
        try {
            return (int) Function.ADJTIMEX.invokeExact(state, timex);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
