// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.sample;

/**
 * Samples of one name.
 *
 * @param name as dashboards ask for it, suffix and unit included
 * @param help one sentence for people
 * @param declared what type and help are told of: the name, but for the parts of a histogram or a
 *     summary, which are told of together
 */
public record Family(String name, MetricType type, String help, String declared) {

    /** A family that is told of by its name. */
    public Family(String name, MetricType type, String help) {
        this(name, type, help, name);
    }

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
}
