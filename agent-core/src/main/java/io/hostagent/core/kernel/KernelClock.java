// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.kernel;

import java.io.IOException;

/**
 * How well the kernel's clock is kept. There is one clock for all containers.
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

    /**
     * Asks the kernel.
     *
     * @throws IOException when it refuses, as seccomp may make it
     */
    public static KernelClock read() throws IOException {
        Timex timex = Timex.read();
        return new KernelClock(
                timex.synchronised(),
                timex.maximumError() / 1e6,
                timex.estimatedError() / 1e6,
                timex.offset() / timex.divisor());
    }
}
