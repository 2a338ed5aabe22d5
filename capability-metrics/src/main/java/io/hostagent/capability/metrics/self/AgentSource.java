// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.self;

import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.Labels.Label;
import io.hostagent.capability.metrics.sample.SampleSet;
import io.hostagent.capability.metrics.scrape.MetricSource;
import io.hostagent.capability.metrics.scrape.ScrapeRequest;
import io.hostagent.core.meter.OwnNumbers;
import io.hostagent.core.meter.OwnNumbers.OwnNumber;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.Map;

/**
 * The agent itself, by Micrometer's meters. What is only read and not counted is looked for when it
 * is first asked for: the classes of Java's management cost memory that an agent needs whose
 * metrics nobody scrapes.
 */
public final class AgentSource implements MetricSource {

    private final MeterRegistry registry;
    private final MeterBinder core;
    private final List<OwnNumbers> others;
    private boolean bound;

    /**
     * Makes the source.
     *
     * @param registry in which events are counted already
     * @param core what else is to be read
     * @param others what the other capabilities tell of themselves
     */
    public AgentSource(MeterRegistry registry, MeterBinder core, List<OwnNumbers> others) {
        this.registry = registry;
        this.core = core;
        this.others = List.copyOf(others);
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
        return List.of(MeterSamples.of(registry), told());
    }

    private SampleSet told() {
        SampleSet samples = new SampleSet();
        for (OwnNumbers numbers : others) {
            numbers.read().forEach(number -> add(samples, number));
        }
        return samples;
    }

    private static void add(SampleSet samples, OwnNumber number) {
        Family family =
                number.grows()
                        ? Family.counter(number.name(), number.help())
                        : Family.gauge(number.name(), number.help());
        List<Label> labels =
                number.labels().entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(label -> new Label(label.getKey(), label.getValue()))
                        .toList();
        samples.family(family).add(Labels.of(labels), number.value());
    }
}
