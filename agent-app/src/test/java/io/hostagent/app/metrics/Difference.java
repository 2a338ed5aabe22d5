// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app.metrics;

/**
 * Something in which the agent's metrics are not those of the reference.
 *
 * @param kind of it
 * @param family of metrics
 * @param detail for people
 */
record Difference(Kind kind, String family, String detail) {

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
        return kind + " " + family + " " + detail;
    }
}
