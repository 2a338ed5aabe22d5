// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.MetricType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A family that a text file tells.
 *
 * @param help {@code null}: the file does not say
 * @param samples by their name, which for a histogram and a summary is longer than the family's
 */
record TextFamily(
        String name, Shape shape, @Nullable String help, Map<String, List<Sample>> samples) {

    /** A number with what it is about; no two of the same name have the same labels. */
    record Sample(Labels labels, double value) {}

    /** What a text can say that a family is. */
    enum Shape {
        COUNTER,
        GAUGE,
        UNTYPED,
        HISTOGRAM,
        SUMMARY
    }

    /** Whether its samples have other names than itself. */
    boolean hasParts() {
        return shape == Shape.HISTOGRAM || shape == Shape.SUMMARY;
    }

    /**
     * What samples of one name are a family of when nobody else tells one of that name.
     *
     * @param otherwise the help when the file does not say any
     */
    Family family(String sampleName, String otherwise) {
        MetricType told =
                switch (shape) {
                    case COUNTER -> MetricType.COUNTER;
                    case GAUGE -> MetricType.GAUGE;
                    case HISTOGRAM -> MetricType.HISTOGRAM;
                    case SUMMARY -> MetricType.SUMMARY;
                    case UNTYPED -> MetricType.UNTYPED;
                };
        return new Family(sampleName, told, help == null ? otherwise : help, name);
    }
}
