// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.kernel.KernelFormatException;
import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.Labels.Label;
import io.hostagent.capability.metrics.sample.SampleSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Batteries and mains, from {@code /sys/class/power_supply}. */
final class PowerSupplyClassCollector implements NodeCollector {

    private static final double AS_IT_IS = 1;
    private static final double TENTHS = 10;
    private static final double MICRO = 1e6;

    /** A number that a file holds. */
    private record Quantity(Family family, double divisor) {}

    private static final Map<String, Quantity> QUANTITIES = new HashMap<>();

    /** Files whose words are labels. */
    private static final List<String> WORDS =
            List.of(
                    "capacity_level",
                    "charge_type",
                    "health",
                    "manufacturer",
                    "model_name",
                    "scope",
                    "serial_number",
                    "status",
                    "technology",
                    "type",
                    "usb_type");

    private static final Family INFO =
            Family.gauge("node_power_supply_info", "What a power supply is; always 1.");

    static {
        for (String file :
                List.of(
                        "authentic",
                        "calibrate",
                        "capacity",
                        "capacity_alert_max",
                        "capacity_alert_min",
                        "online",
                        "present")) {
            add(file, file, AS_IT_IS);
        }
        add("cycle_count", "cyclecount", AS_IT_IS);
        add("time_to_empty_now", "time_to_empty_seconds", AS_IT_IS);
        add("time_to_full_now", "time_to_full_seconds", AS_IT_IS);
        for (String file :
                List.of(
                        "charge_control_limit",
                        "charge_control_limit_max",
                        "charge_counter",
                        "charge_empty",
                        "charge_empty_design",
                        "charge_full",
                        "charge_full_design",
                        "charge_term_current",
                        "constant_charge_current",
                        "constant_charge_current_max",
                        "constant_charge_voltage",
                        "constant_charge_voltage_max",
                        "current_boot",
                        "current_max",
                        "energy_empty",
                        "energy_empty_design",
                        "energy_full",
                        "energy_full_design",
                        "input_current_limit",
                        "precharge_current",
                        "voltage_boot",
                        "voltage_max",
                        "voltage_max_design",
                        "voltage_min",
                        "voltage_min_design",
                        "voltage_ocv")) {
            add(file, file, MICRO);
        }
        add("charge_now", "charge_ampere", MICRO);
        add("current_now", "current_ampere", MICRO);
        add("energy_now", "energy_watthour", MICRO);
        add("power_now", "power_watt", MICRO);
        add("voltage_now", "voltage_volt", MICRO);
        for (String file :
                List.of(
                        "temp",
                        "temp_alert_max",
                        "temp_alert_min",
                        "temp_ambient",
                        "temp_ambient_max",
                        "temp_ambient_min",
                        "temp_max",
                        "temp_min")) {
            add(file, file + "_celsius", TENTHS);
        }
    }

    private static void add(String file, String name, double divisor) {
        Family family =
                Family.gauge(
                        "node_power_supply_" + name, "What a power supply says: " + file + ".");
        QUANTITIES.put(file, new Quantity(family, divisor));
    }

    @Override
    public String name() {
        return "powersupplyclass";
    }

    @Override
    public void collect(NodeScrape scrape, SampleSet samples) throws IOException {
        Path folder = scrape.sys("class/power_supply");
        String[] supplies = OptionalFile.names(folder, "no power supplies in sysfs");
        Arrays.sort(supplies);
        for (String supply : supplies) {
            String[] files = OptionalFile.namesIfThere(folder.resolve(supply));
            if (files != null) {
                Arrays.sort(files);
                Attributes attributes = new Attributes(folder.resolve(supply), scrape.text());
                tell(supply, files, attributes, samples);
            }
        }
    }

    private static void tell(
            String supply, String[] files, Attributes attributes, SampleSet samples)
            throws KernelFormatException {
        Labels labels = Labels.of("power_supply", supply);
        List<Label> words = new ArrayList<>(labels.all());
        for (String file : files) {
            Quantity quantity = QUANTITIES.get(file);
            if (quantity != null) {
                @Nullable Long value = attributes.number(file);
                if (value != null) {
                    samples.family(quantity.family()).add(labels, value / quantity.divisor());
                }
            } else if (WORDS.contains(file)) {
                words.add(new Label(file, attributes.textOrEmpty(file)));
            }
        }
        samples.family(INFO).add(Labels.of(words), 1);
    }
}
