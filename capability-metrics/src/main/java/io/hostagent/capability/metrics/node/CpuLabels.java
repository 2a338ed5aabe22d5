// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.sample.Labels;
import java.util.ArrayList;
import java.util.List;

/** The labels of processors by their number, made once for each. */
final class CpuLabels {

    /** As many as a kernel can have; the rest would be no numbers of processors. */
    private static final int MOST = 8192;

    private final List<Labels> byNumber = new ArrayList<>();

    /** Such as {@code cpu="3"}. */
    Labels of(int cpu) {
        if (cpu < 0 || cpu >= MOST) {
            return Labels.of("cpu", Integer.toUnsignedString(cpu));
        }
        while (byNumber.size() <= cpu) {
            byNumber.add(Labels.of("cpu", Integer.toString(byNumber.size())));
        }
        return byNumber.get(cpu);
    }
}
