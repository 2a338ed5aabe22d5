// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.sample;

import java.util.ArrayList;
import java.util.List;

/**
 * Samples of one name, or a histogram or summary, whose samples have longer ones.
 *
 * @param name as dashboards ask for it, suffix and unit included
 * @param help one sentence for people
 */
public record Family(String name, MetricType type, String help) {

    /** A family of numbers that only grow. */
    public static Family counter(String name, String help) {
        return new Family(name, MetricType.COUNTER, help);
    }

    /** A family of numbers that go up and down. */
    public static Family gauge(String name, String help) {
        return new Family(name, MetricType.GAUGE, help);
    }

    /** A family of numbers of which the source does not say how they move. */
    public static Family untyped(String name, String help) {
        return new Family(name, MetricType.UNTYPED, help);
    }

    /** The names that nobody else may use: its own, and those that its samples may have. */
    public List<String> names() {
        List<String> names = new ArrayList<>(List.of(name));
        type.suffixes().forEach(suffix -> names.add(name + suffix));
        return names;
    }
}
