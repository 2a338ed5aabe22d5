// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.scrape;

import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.SampleSet;
import org.jspecify.annotations.Nullable;

/** How the scrape itself went, source by source. */
final class ScrapeSamples {

    private static final Family SUCCESS =
            Family.gauge(
                    "agent_scrape_source_success",
                    "Whether all of this source's metrics are in this answer.");
    private static final Family DURATION =
            Family.gauge(
                    "agent_scrape_source_duration_seconds",
                    "How long this source took to be read, be it for this answer or for another"
                            + " one at the same time.");

    private final SampleSet samples = new SampleSet();

    /** Adds a source; {@code null}: it failed, or was too late for anything. */
    void add(String source, @Nullable Reading reading) {
        Labels labels = Labels.of("source", source);
        samples.family(SUCCESS).add(labels, reading == null || reading.wasCutShort() ? 0 : 1);
        if (reading != null) {
            samples.family(DURATION).add(labels, reading.took() / 1e9);
        }
    }

    SampleSet set() {
        return samples;
    }
}
