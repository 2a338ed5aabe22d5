// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.sample.Family;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A sensor of a chip, see the kernel's {@code hwmon/sysfs-interface}: files {@code temp1_input},
 * {@code temp1_max} and {@code temp1_label} are elements of {@code temp1}, which is of the kind
 * {@code temp}.
 */
final class Sensor {

    private static final Pattern FILE = Pattern.compile("([^0-9]+)([0-9]{0,9})(?:_(.+))?");
    private static final Pattern NO_NAME = Pattern.compile("[^a-z0-9:_]");

    private static final Set<String> KINDS =
            Set.of(
                    "vrm",
                    "beep_enable",
                    "update_interval",
                    "in",
                    "cpu",
                    "fan",
                    "pwm",
                    "temp",
                    "curr",
                    "power",
                    "energy",
                    "humidity",
                    "intrusion",
                    "freq");

    private static final Set<String> TURNS = Set.of("input", "min", "max", "target");
    private static final Set<String> INTERVALS =
            Set.of("average_interval", "average_interval_min", "average_interval_max");

    private static final double MILLI = 0.001;
    private static final double MICRO = 1_000_000.0;

    private final String kind;
    private final Map<String, String> elements = new TreeMap<>();

    /** One sample of it. */
    record Reading(Family family, double value) {}

    /** Whose file it is, of which kind, and what of it. */
    record FileName(String sensor, String kind, String element) {

        /** Takes a name apart; {@code null} when it is not that of a sensor's file. */
        static @Nullable FileName of(String file) {
            Matcher parts = FILE.matcher(file);
            if (!parts.matches() || !KINDS.contains(parts.group(1))) {
                return null;
            }
            String kind = parts.group(1);
            int number = parts.group(2).isEmpty() ? 0 : Integer.parseInt(parts.group(2));
            String element = parts.group(3);
            return new FileName(kind + number, kind, element == null ? "" : element);
        }
    }

    /** One of a kind, of which nothing is known yet. */
    Sensor(String kind) {
        this.kind = kind;
    }

    /** Adds what a file says. */
    void put(String element, String value) {
        elements.put(element, value);
    }

    /** The names of its files behind its own. */
    Set<String> elements() {
        return elements.keySet();
    }

    /** What its maker calls it; {@code null}: nothing. */
    @Nullable String label() {
        return elements.get("label");
    }

    /** Whether it is the clock of a processor, which has no name but its label's. */
    boolean isFrequency() {
        return kind.equals("freq");
    }

    /** A word as it stands in names and in the label of a chip. */
    static String clean(String word) {
        String clean = NO_NAME.matcher(word.toLowerCase(Locale.ROOT)).replaceAll("_");
        int from = 0;
        int to = clean.length();
        while (from < to && clean.charAt(from) == '_') {
            from++;
        }
        while (to > from && clean.charAt(to - 1) == '_') {
            to--;
        }
        return clean.substring(from, to);
    }

    /** What one of its elements tells; {@code null} when that is no number. */
    @Nullable Reading reading(String element) {
        if (kind.equals("beep_enable")) {
            boolean on = "1".equals(elements.get(""));
            return gauge("node_hwmon_beep_enabled", "Whether the chip beeps.", on ? 1 : 0);
        }
        double value;
        try {
            value = Double.parseDouble(elements.getOrDefault(element, ""));
        } catch (NumberFormatException e) {
            return null;
        }
        return switch (kind) {
            case "vrm" ->
                    gauge(
                            "node_hwmon_voltage_regulator_version",
                            "The version of the voltage regulator.",
                            value);
            case "update_interval" ->
                    gauge(
                            "node_hwmon_update_interval_seconds",
                            "How often the chip measures.",
                            value * MILLI);
            default -> reading(name(element), element, value);
        };
    }

    private String name(String element) {
        String name = "node_hwmon_" + kind;
        // The value itself has no name, unless there is a file without an element as well.
        if (element.isEmpty() || (element.equals("input") && !elements.containsKey(""))) {
            return name;
        }
        return name + "_" + clean(element);
    }

    private @Nullable Reading reading(String name, String element, double value) {
        String what = "A sensor's " + kind + " " + element;
        if (element.equals("fault") || element.equals("alarm")) {
            return gauge(name, what + ", 1 or 0.", value);
        }
        if (element.equals("beep")) {
            return gauge(name + "_enabled", what + ", 1 or 0.", value);
        }
        return switch (kind) {
            case "in", "cpu" -> gauge(name + "_volts", what + " in volts.", value * MILLI);
            case "curr" -> gauge(name + "_amps", what + " in amperes.", value * MILLI);
            case "temp" ->
                    element.equals("type")
                            ? gauge(name, what + ".", value)
                            : gauge(name + "_celsius", what + " in Celsius.", value * MILLI);
            case "energy" ->
                    new Reading(
                            Family.counter(name + "_joule_total", what + " in joules."),
                            value / MICRO);
            case "power" -> power(name, element, what, value);
            case "humidity" -> gauge(name, what + " as a ratio.", value / MICRO);
            case "fan" ->
                    TURNS.contains(element)
                            ? gauge(name + "_rpm", what + " in turns a minute.", value)
                            : gauge(name, what + ".", value);
            case "freq" ->
                    element.equals("input")
                            ? gauge(name + "_freq_mhz", what + " in MHz.", value / MICRO)
                            : gauge(name, what + ".", value);
            default -> gauge(name, what + ".", value);
        };
    }

    private static Reading power(String name, String element, String what, double value) {
        if (element.equals("accuracy")) {
            return gauge(name, what + " as a ratio.", value / MICRO);
        }
        if (INTERVALS.contains(element)) {
            return gauge(name + "_seconds", what + " in seconds.", value * MILLI);
        }
        return gauge(name + "_watt", what + " in watts.", value / MICRO);
    }

    private static Reading gauge(String name, String help, double value) {
        return new Reading(Family.gauge(name, help), value);
    }
}
