// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import java.util.ArrayList;
import java.util.List;

/** A list of processors as the kernel writes it, such as {@code 0-3,8}. */
final class CpuList {

    private CpuList() {}

    /** Their numbers; a part that is no number or range is left out. */
    static List<Integer> of(String text) {
        List<Integer> cpus = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            String range = part.strip();
            if (range.matches("\\d{1,6}")) {
                cpus.add(Integer.parseInt(range));
            } else if (range.matches("\\d{1,6}-\\d{1,6}")) {
                int dash = range.indexOf('-');
                int last = Integer.parseInt(range.substring(dash + 1));
                for (int cpu = Integer.parseInt(range.substring(0, dash)); cpu <= last; cpu++) {
                    cpus.add(cpu);
                }
            }
        }
        return cpus;
    }
}
