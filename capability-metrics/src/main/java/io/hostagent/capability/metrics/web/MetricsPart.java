// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.web;

import io.hostagent.capability.metrics.scrape.MetricSource;
import java.util.Arrays;
import java.util.Optional;

/** What can be scraped by itself. */
public enum MetricsPart {
    /** Everything. */
    ALL("/metrics"),
    /** Containers and the machine, under cAdvisor's names. */
    CADVISOR("/metrics/cadvisor"),
    /** The host, under node_exporter's names. */
    NODE("/metrics/node"),
    /** The agent itself. */
    AGENT("/metrics/agent");

    /** The agent's process is in each part, as it is in what cAdvisor and node_exporter send. */
    private static final String PROCESS = "process";

    private final String path;

    MetricsPart(String path) {
        this.path = path;
    }

    /** Where it is, on the agent's own port. */
    public String path() {
        return path;
    }

    /** The part that is at a path. */
    static Optional<MetricsPart> at(String path) {
        return Arrays.stream(values()).filter(part -> part.path.equals(path)).findFirst();
    }

    /** Whether a source belongs to it. */
    boolean has(MetricSource source) {
        return this == ALL
                || source.name().equals(PROCESS)
                || path.equals(ALL.path + "/" + source.name());
    }
}
