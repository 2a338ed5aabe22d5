// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.SampleSet;
import java.util.Arrays;

/**
 * What was read of one container, before any of it becomes a sample: a container that ends while it
 * is read leaves nothing behind. Used for one container after the other by one thread.
 */
final class Numbers {

    private static final ContainerValue[] VALUES = ContainerValue.values();
    private static final int FIRST_ROWS = 64;

    private static final ContainerValue[] LIMITS = {
        ContainerValue.SPEC_CPU_PERIOD,
        ContainerValue.SPEC_CPU_QUOTA,
        ContainerValue.SPEC_CPU_SHARES,
        ContainerValue.SPEC_MEMORY_LIMIT,
        ContainerValue.SPEC_MEMORY_SWAP_LIMIT,
        ContainerValue.SPEC_MEMORY_RESERVATION,
    };

    private final double[] values = new double[VALUES.length];
    private Family[] families = new Family[0];
    private Labels[] details = new Labels[0];
    private double[] rows = new double[0];
    private int size;
    private int malformed;

    Numbers() {
        clear();
    }

    @SuppressWarnings("EnumOrdinal") // where it is in an array that lives as long as the process
    private static int index(ContainerValue value) {
        return value.ordinal();
    }

    /** Forgets the former container. */
    void clear() {
        Arrays.fill(values, Double.NaN);
        size = 0;
        malformed = 0;
    }

    void set(ContainerValue value, double number) {
        values[index(value)] = number;
    }

    /** The number, or not a number while none is set. */
    double get(ContainerValue value) {
        return values[index(value)];
    }

    boolean has(ContainerValue value) {
        return !Double.isNaN(get(value));
    }

    /** Adds what there is of something for each device, interface or processor. */
    void add(Family family, Labels detail, double number) {
        if (size == rows.length) {
            int more = Math.max(FIRST_ROWS, size * 2);
            families = Arrays.copyOf(families, more);
            details = Arrays.copyOf(details, more);
            rows = Arrays.copyOf(rows, more);
        }
        families[size] = family;
        details[size] = detail;
        rows[size] = number;
        size++;
    }

    /** Notes that a file did not look as it should. */
    void malformed() {
        malformed++;
    }

    /** How many files did not look as they should. */
    int malformedFiles() {
        return malformed;
    }

    /** Takes what was read before and has not changed. */
    void takeLimits(Numbers limits) {
        for (ContainerValue value : LIMITS) {
            values[index(value)] = limits.values[index(value)];
        }
        malformed += limits.malformed;
    }

    /** Makes samples of all of it. */
    void write(Labels container, SampleSet samples) {
        for (ContainerValue value : VALUES) {
            double number = values[index(value)];
            if (!Double.isNaN(number)) {
                samples.family(value.family()).add(container, value.detail(), number);
            }
        }
        for (int row = 0; row < size; row++) {
            samples.family(families[row]).add(container, details[row], rows[row]);
        }
    }
}
