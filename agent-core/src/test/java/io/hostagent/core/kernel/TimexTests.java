// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class TimexTests {

    /** A tick is 10 ms, give or take the tenth by which adjtimex(2) lets it be changed. */
    @Test
    void isThatOfThisMachine() throws IOException {
        Timex timex = Timex.read();

        assertThat(timex.state()).isBetween(0, 5);
        assertThat(timex.tick()).isBetween(9_000L, 11_000L);
        assertThat(timex.constant()).isBetween(0L, 32L);
        assertThat(timex.frequency()).isBetween(-500L << 16, 500L << 16);
        assertThat(timex.maximumError()).isBetween(0L, 16_000_000L);
        assertThat(timex.taiOffset()).isBetween(0, 100);
        assertThat(timex.pps().shift()).isBetween(0, 32);
    }

    @Test
    void countsInMicrosecondsUnlessTheStatusSaysNanoseconds() {
        assertThat(timex(0, 0x40).divisor()).isEqualTo(1e6);
        assertThat(timex(0, 0x2001).divisor()).isEqualTo(1e9);
    }

    @Test
    void isKeptUnlessTheKernelSaysThatItIsAnError() {
        assertThat(timex(5, 0x40).kept()).isFalse();
        assertThat(timex(5, 0x40).synchronised()).isFalse();
        assertThat(timex(0, 0x2001).kept()).isTrue();
        assertThat(timex(0, 0x2001).synchronised()).isTrue();
    }

    private static Timex timex(int state, int status) {
        return new Timex(
                state, 0, 0, 0, 0, status, 0, 10_000, new Timex.Pps(0, 0, 0, 0, 0, 0, 0, 0), 37);
    }
}
