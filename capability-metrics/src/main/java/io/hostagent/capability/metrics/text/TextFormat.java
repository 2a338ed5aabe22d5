// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.text;

/** How samples are written down. */
public enum TextFormat {
    /** The text format that every version of Prometheus and everybody else reads. */
    PROMETHEUS("text/plain; version=0.0.4; charset=utf-8"),

    /**
     * OpenMetrics 1.0. Names do not move: a counter that is not called {@code _total} is declared
     * as unknown, since its name would have to change otherwise.
     */
    OPENMETRICS("application/openmetrics-text; version=1.0.0; charset=utf-8");

    private final String contentType;

    TextFormat(String contentType) {
        this.contentType = contentType;
    }

    /** What the answer's header says. */
    public String contentType() {
        return contentType;
    }
}
