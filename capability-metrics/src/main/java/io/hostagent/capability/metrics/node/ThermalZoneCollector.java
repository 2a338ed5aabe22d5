// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.kernel.KernelFormatException;
import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.SampleSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** How warm the machine is in places, and what cools it, from {@code /sys/class/thermal}. */
final class ThermalZoneCollector implements NodeCollector {

    private static final String ZONE = "thermal_zone";
    private static final String COOLING = "cooling_device";

    private static final Family TEMPERATURE =
            Family.gauge(
                    "node_thermal_zone_temp", "The temperature of a zone, in degrees Celsius.");
    private static final Family CURRENT =
            Family.gauge("node_cooling_device_cur_state", "How hard something cools, from 0 on.");
    private static final Family MOST =
            Family.gauge("node_cooling_device_max_state", "How hard something can cool.");

    private static final double MILLI = 1000;

    @Override
    public String name() {
        return ZONE;
    }

    @Override
    public void collect(NodeScrape scrape, SampleSet samples) throws IOException {
        Path thermal = scrape.sys("class/thermal");
        String[] names = OptionalFile.names(thermal, "no thermal zones");
        Arrays.sort(names);
        for (String name : names) {
            Attributes attributes = new Attributes(thermal.resolve(name), scrape.text());
            if (name.startsWith(ZONE)) {
                zone(name.substring(ZONE.length()), attributes, samples);
            } else if (name.startsWith(COOLING)) {
                cooling(name.substring(COOLING.length()), attributes, samples);
            }
        }
    }

    private static void zone(String zone, Attributes attributes, SampleSet samples)
            throws KernelFormatException {
        String type = attributes.text("type");
        @Nullable Long temperature = attributes.number("temp");
        if (type != null && temperature != null) {
            samples.family(TEMPERATURE)
                    .add(Labels.of("zone", zone, "type", type), temperature / MILLI);
        }
    }

    private static void cooling(String name, Attributes attributes, SampleSet samples)
            throws KernelFormatException {
        String type = attributes.text("type");
        @Nullable Long current = attributes.number("cur_state");
        @Nullable Long most = attributes.number("max_state");
        if (type != null && current != null && most != null) {
            Labels labels = Labels.of("name", name, "type", type);
            samples.family(CURRENT).add(labels, (double) current);
            samples.family(MOST).add(labels, (double) most);
        }
    }
}
