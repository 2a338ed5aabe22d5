// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class KernelClockTests {

    /** The kernel says 16 s when it knows nothing; what is kept is far below. */
    @Test
    void isThatOfThisMachine() throws IOException {
        KernelClock clock = KernelClock.read();

        assertThat(clock.maximumErrorSeconds()).isBetween(0.0, 16.0);
        assertThat(clock.estimatedErrorSeconds()).isBetween(0.0, 16.0);
        assertThat(clock.offsetSeconds()).isBetween(-0.5, 0.5);
    }
}
