// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.sample;

/** What a family's numbers mean, in the words of Prometheus' text format. */
public enum MetricType {
    /** Only grows, from 0 when its source began. */
    COUNTER,
    /** Goes up and down. */
    GAUGE,
    /** How many were as large as some bounds, of which each is a sample. */
    HISTOGRAM,
    /** How large some shares of all were, of which each is a sample. */
    SUMMARY,
    /** The source does not say. */
    UNTYPED
}
