// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.text;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumberTextTests {

    private static final int MILLION = 1_000_000;

    private final byte[] bytes = new byte[NumberText.LONGEST];

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0.0, -0",
        "1, 1",
        "-17, -17",
        "0.5, 0.5",
        "0.1, 0.1",
        "-0.25, -0.25",
        "1e-9, 0.000000001",
        "123456.789, 123456.789",
        "1700000000.123, 1700000000.123",
        "9007199254740993, 9007199254740992",
        "9223372036854774784, 9223372036854774784",
        "1.8446744073709552e19, 1.8446744073709552E19",
        "4.9e-324, 4.9E-324",
        "1e-10, 1.0E-10",
        "NaN, NaN",
        "Infinity, +Inf",
        "-Infinity, -Inf"
    })
    void writesANumberAsShortAsItReadsBack(double value, String expected) {
        assertThat(text(value)).isEqualTo(expected);
    }

    @Test
    void writesAMillionNumbersThatReadBackBitByBit() {
        Random random = new Random(5);
        for (int i = 0; i < MILLION; i++) {
            double value =
                    switch (i % 8) {
                        case 0 -> Double.longBitsToDouble(random.nextLong());
                        case 1 -> random.nextLong();
                        case 2 -> random.nextInt() / 100.0;
                        case 3 -> random.nextLong(1L << 53) / 1e9;
                        case 4 -> random.nextDouble();
                        case 5 -> random.nextInt() * 4_096.0;
                        case 6 -> random.nextLong(1L << 53) / 1e6 + random.nextInt(9) / 1e9;
                        default -> Math.scalb(random.nextDouble(), random.nextInt(160) - 80);
                    };
            if (!Double.isFinite(value)) {
                continue;
            }
            String text = text(value);
            // No AssertJ for each of a million.
            if (Double.doubleToRawLongBits(Double.parseDouble(text))
                    != Double.doubleToRawLongBits(value)) {
                assertThat(text).isEqualTo(Double.toString(value));
            }
        }
    }

    @Test
    void makesNoGarbageOfNumbersAsHostsHaveThem() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        writeUsual(1_000);
        long before = threads.getCurrentThreadAllocatedBytes();

        writeUsual(100_000);

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1_024);
    }

    private void writeUsual(int count) {
        for (int i = 0; i < count; i++) {
            NumberText.write(i * 4_096.0, bytes, 0);
            NumberText.write(i * 1_234_567L / 1e9, bytes, 0);
            NumberText.write(i / 100.0, bytes, 0);
            NumberText.write(1_700_000_000.123 + i, bytes, 0);
        }
    }

    private String text(double value) {
        return new String(bytes, 0, NumberText.write(value, bytes, 0), ISO_8859_1);
    }
}
