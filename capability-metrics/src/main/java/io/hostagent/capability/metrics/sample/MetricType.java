// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.sample;

import java.util.List;

/** What a family's numbers mean, in the words of Prometheus' text format. */
public enum MetricType {
    /** Only grows, from 0 when its source began. */
    COUNTER("", List.of()),
    /** Goes up and down. */
    GAUGE("", List.of()),
    /** How many were as large as some bounds, of which each is a sample. */
    HISTOGRAM("le", List.of("_bucket", "_sum", "_count")),
    /** How large some shares of all were, of which each is a sample. */
    SUMMARY("quantile", List.of("_sum", "_count")),
    /** The source does not say. */
    UNTYPED("", List.of());

    private final String partLabel;

    @SuppressWarnings("ImmutableEnumChecker") // a list that nobody can change
    private final List<String> suffixes;

    MetricType(String partLabel, List<String> suffixes) {
        this.partLabel = partLabel;
        this.suffixes = suffixes;
    }

    /** The label by which samples of the same histogram or summary differ; empty for others. */
    public String partLabel() {
        return partLabel;
    }

    /** What samples may be called behind the name of their family; none where they have its own. */
    public List<String> suffixes() {
        return suffixes;
    }
}
