// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.self;

import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.SampleSet;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Statistic;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Micrometer's meters as samples, under the names that its own registry for Prometheus would give
 * them: dots become underscores, the unit comes behind, and {@code _total} behind a counter. That
 * registry would bring its own writer and four libraries for some sixty samples.
 */
final class MeterSamples {

    private final SampleSet samples = new SampleSet();

    /** Reads all meters of a registry. */
    static SampleSet of(MeterRegistry registry) {
        MeterSamples all = new MeterSamples();
        registry.getMeters().forEach(all::add);
        return all.samples;
    }

    private void add(Meter meter) {
        Meter.Id id = meter.getId();
        Labels labels = labels(id);
        String help = help(id.getDescription());
        if (meter instanceof FunctionTimer timer) {
            String name = name(id.getName(), "seconds");
            samples.family(Family.counter(name + "_count", help)).add(labels, timer.count());
            samples.family(Family.counter(name + "_sum", help))
                    .add(labels, timer.totalTime(TimeUnit.SECONDS));
            return;
        }
        String name = name(id.getName(), id.getBaseUnit());
        for (Measurement measurement : meter.measure()) {
            double value = measurement.getValue();
            if (measurement.getStatistic() == Statistic.COUNT) {
                samples.family(Family.counter(name + "_total", help)).add(labels, value);
            } else if (measurement.getStatistic() == Statistic.VALUE) {
                samples.family(Family.gauge(name, help)).add(labels, value);
            } else {
                throw new IllegalStateException("A kind of meter that nobody has needed: " + id);
            }
        }
    }

    private static String name(String dotted, @Nullable String unit) {
        String name = dotted.replace('.', '_').replace('-', '_');
        return unit == null || name.endsWith("_" + unit) ? name : name + "_" + unit;
    }

    private static String help(@Nullable String description) {
        return description == null ? "" : description;
    }

    private static Labels labels(Meter.Id id) {
        List<Labels.Label> labels =
                id.getTags().stream()
                        .map(tag -> new Labels.Label(tag.getKey(), tag.getValue()))
                        .toList();
        return Labels.of(labels);
    }
}
