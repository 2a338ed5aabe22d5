// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.Labels.Label;
import io.hostagent.capability.metrics.sample.MetricType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A family that a text file tells.
 *
 * @param help {@code null}: the file does not say
 * @param samples those of one histogram or summary beside one another
 */
record TextFamily(String name, MetricType type, @Nullable String help, List<Sample> samples) {

    /**
     * A number with what it is about; no two of the same name have the same labels.
     *
     * @param name which for a histogram and a summary may be longer than the family's
     */
    record Sample(String name, Labels labels, double value) {

        /** What it is a number of, in which a histogram's bounds and a summary's shares are one. */
        List<Label> subject(MetricType type) {
            String part = type.partLabel();
            if (part.isEmpty()) {
                return labels.all();
            }
            return labels.all().stream().filter(label -> !label.name().equals(part)).toList();
        }
    }

    /**
     * What it is when nobody else tells one of that name.
     *
     * @param otherwise the help when the file does not say any
     */
    Family family(String otherwise) {
        return new Family(name, type, help == null ? otherwise : help);
    }
}
