// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.sample.Labels;
import java.util.HashMap;
import java.util.Map;

/**
 * The labels of things that are seen again in each scrape, such as network interfaces, so that they
 * are written down once. What was not seen in the former scrape is forgotten.
 */
final class KeptLabels {

    private final String name;
    private Map<String, Labels> seen = new HashMap<>();
    private Map<String, Labels> before = new HashMap<>();

    /** Those with one label of this name. */
    KeptLabels(String name) {
        this.name = name;
    }

    /** Begins a scrape. */
    void begin() {
        Map<String, Labels> oldest = before;
        before = seen;
        oldest.clear();
        seen = oldest;
    }

    /** The labels for a value. */
    Labels of(String value) {
        Labels labels = seen.get(value);
        if (labels == null) {
            labels = before.get(value);
            if (labels == null) {
                labels = Labels.of(name, value);
            }
            seen.put(value, labels);
        }
        return labels;
    }
}
