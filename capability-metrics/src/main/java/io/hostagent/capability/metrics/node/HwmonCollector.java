// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.node.Sensor.FileName;
import io.hostagent.capability.metrics.node.Sensor.Reading;
import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.Labels.Label;
import io.hostagent.capability.metrics.sample.SampleSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Temperatures, fans, voltages and the like, from {@code /sys/class/hwmon}. The number in {@code
 * hwmon0} depends on the order in which drivers came, so a chip is called after its device, such as
 * {@code platform_coretemp_0}, and what its driver calls it is a sample of its own.
 */
final class HwmonCollector implements NodeCollector {

    private static final Family CHIPS =
            Family.gauge("node_hwmon_chip_names", "What a driver calls a chip; always 1.");
    private static final Family LABELS =
            Family.gauge("node_hwmon_sensor_label", "What a driver calls a sensor; always 1.");

    @Override
    public String name() {
        return "hwmon";
    }

    @Override
    public void collect(NodeScrape scrape, SampleSet samples) throws IOException {
        Path hwmon = scrape.sys("class/hwmon");
        String[] names = OptionalFile.names(hwmon, "no sensors");
        Arrays.sort(names);
        Map<String, Set<String>> told = new HashMap<>();
        for (String name : names) {
            Attributes attributes = new Attributes(hwmon.resolve(name), scrape.text());
            Map<String, Sensor> sensors = new TreeMap<>();
            if (read(attributes, sensors)) {
                // Older drivers leave the files with the device.
                read(new Attributes(attributes.folder().resolve("device"), scrape.text()), sensors);
                String chip = chip(attributes);
                // Two drivers of one device share a name, and no series may come twice.
                Set<String> known = told.computeIfAbsent(chip, key -> new HashSet<>());
                if (known.isEmpty()) {
                    chipName(chip, attributes, samples);
                }
                known.add("");
                sensors.keySet().removeIf(sensor -> !known.add(sensor));
                tell(chip, sensors, samples);
            }
        }
    }

    /** Reads what a folder has of sensors; {@code false} when it is none. */
    private static boolean read(Attributes attributes, Map<String, Sensor> sensors) {
        String[] files = OptionalFile.namesIfThere(attributes.folder());
        if (files == null) {
            return false;
        }
        for (String file : files) {
            FileName name = FileName.of(file);
            if (name != null) {
                String value = attributes.text(file);
                if (value != null) {
                    sensors.computeIfAbsent(name.sensor(), key -> new Sensor(name.kind()))
                            .put(name.element(), value);
                }
            }
        }
        return true;
    }

    private static String chip(Attributes attributes) throws IOException {
        Path device = attributes.folder().resolve("device");
        if (device.toFile().exists()) {
            Path real = device.toRealPath();
            Path bus = real.getParent();
            String name = clean(real);
            String kind = bus == null ? "" : clean(bus);
            if (!name.isEmpty()) {
                return kind.isEmpty() ? name : kind + "_" + name;
            }
        }
        String name = Sensor.clean(attributes.textOrEmpty("name"));
        return name.isEmpty() ? clean(attributes.folder().toRealPath()) : name;
    }

    private static String clean(Path path) {
        Path name = path.getFileName();
        return name == null ? "" : Sensor.clean(name.toString());
    }

    private static void chipName(String chip, Attributes attributes, SampleSet samples) {
        String name = Sensor.clean(attributes.textOrEmpty("name"));
        if (!name.isEmpty()) {
            samples.family(CHIPS).add(Labels.of("chip", chip, "chip_name", name), 1);
        }
    }

    private static void tell(String chip, Map<String, Sensor> sensors, SampleSet samples) {
        sensors.forEach(
                (name, sensor) -> {
                    Labels labels = Labels.of("chip", chip, "sensor", name);
                    String label = sensor.label();
                    if (label != null) {
                        samples.family(LABELS).add(labels.and("label", label), 1);
                    }
                    for (String element : sensor.elements()) {
                        if (!element.equals("label")) {
                            tell(chip, sensor, labels, element, samples);
                        }
                    }
                });
    }

    private static void tell(
            String chip, Sensor sensor, Labels labels, String element, SampleSet samples) {
        Reading reading = sensor.reading(element);
        String label = sensor.label();
        boolean frequency = sensor.isFrequency() && element.equals("input");
        if (reading == null || (frequency && label == null)) {
            return;
        }
        samples.family(reading.family())
                .add(
                        frequency && label != null
                                ? Labels.of(
                                        List.of(
                                                new Label("chip", chip),
                                                new Label("sensor", Sensor.clean(label))))
                                : labels,
                        reading.value());
    }
}
