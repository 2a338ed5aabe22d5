// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import io.hostagent.capability.metrics.sample.Labels;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The labels of processors, {@code cpu="cpu00"} and so on. There are as many as processors. */
final class CpuLabels {

    private static final Map<Integer, Labels> MADE = new ConcurrentHashMap<>();

    private CpuLabels() {}

    static Labels of(int cpu) {
        return MADE.computeIfAbsent(cpu, number -> Labels.of("cpu", "cpu%02d".formatted(number)));
    }
}
