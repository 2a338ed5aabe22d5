// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Numbers of processors as sysfs writes them: {@code 0-3,8}. */
final class CpuList {

    private static final Pattern RANGE = Pattern.compile("(\\d{1,5})(?:-(\\d{1,5}))?");

    private CpuList() {}

    /** The numbers; none for a missing file, and what is no number does not count. */
    static List<Integer> parse(@Nullable String list) {
        List<Integer> numbers = new ArrayList<>();
        if (list == null) {
            return numbers;
        }
        for (String part : list.split(",", -1)) {
            Matcher range = RANGE.matcher(part.strip());
            if (range.matches()) {
                int first = Integer.parseInt(range.group(1));
                int last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
                for (int cpu = first; cpu <= last; cpu++) {
                    numbers.add(cpu);
                }
            }
        }
        return numbers;
    }
}
