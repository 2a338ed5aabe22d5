// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.self;

import io.hostagent.capability.metrics.sample.SampleSet;
import io.hostagent.capability.metrics.scrape.MetricSource;
import io.hostagent.capability.metrics.scrape.ScrapeRequest;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;

/**
 * The agent itself, by Micrometer's meters. What is only read and not counted is looked for when it
 * is first asked for: the classes of Java's management cost memory that an agent needs whose
 * metrics nobody scrapes.
 */
public final class AgentSource implements MetricSource {

    private final MeterRegistry registry;
    private final MeterBinder core;
    private boolean bound;

    /**
     * Makes the source.
     *
     * @param registry in which events are counted already
     * @param core what else is to be read
     */
    public AgentSource(MeterRegistry registry, MeterBinder core) {
        this.registry = registry;
        this.core = core;
    }

    @Override
    public String name() {
        return "agent";
    }

    @Override
    public List<String> collectors() {
        return List.of();
    }

    @Override
    public List<SampleSet> scrape(ScrapeRequest request, long deadline) {
        if (!bound) {
            new JvmMeters().bindTo(registry);
            core.bindTo(registry);
            bound = true;
        }
        return List.of(MeterSamples.of(registry));
    }
}
