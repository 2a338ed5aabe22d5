// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.metrics;

import io.hostagent.app.fixture.Exposition.Series;

/**
 * Something in which the agent's metrics are not those of the reference.
 *
 * @param kind of it
 * @param family of metrics
 * @param subject the series, such as {@code node_load1{}}; the family where all of it is meant
 * @param detail for people
 */
record Difference(Kind kind, String family, String subject, String detail) {

    static Difference of(Kind kind, String family, String detail) {
        return new Difference(kind, family, family, detail);
    }

    static Difference of(Kind kind, Series series, String detail) {
        return new Difference(kind, series.name(), series.name() + series.labels(), detail);
    }

    /** What differs. */
    enum Kind {
        /** The reference has the family, the agent does not. */
        MISSING,
        /** The agent has the family, the reference does not. */
        EXTRA,
        /** The type. */
        TYPE,
        /** The labels of some series. */
        LABELS,
        /** The number of a series. */
        VALUE,
        /** What promtool says of it. */
        COMPLAINT
    }

    @Override
    public String toString() {
        return kind + " " + subject + " " + detail;
    }
}
