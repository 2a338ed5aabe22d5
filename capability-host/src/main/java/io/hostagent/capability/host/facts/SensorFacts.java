// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.facts;

import io.hostagent.core.kernel.HostFiles;
import io.hostagent.core.kernel.KernelFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Temperatures, fans, voltages and power, from {@code /sys/class/hwmon} (units as in the kernel's
 * hwmon/sysfs-interface), and the thermal zones of boards that have no such thing.
 */
final class SensorFacts {

    private static final Pattern INPUT = Pattern.compile("(temp|fan|in|power|curr)(\\d+)_input");
    private static final double MILLI = 1e3;
    private static final double MICRO = 1e6;

    private SensorFacts() {}

    static Part read(HostFiles files) {
        List<Map<String, Object>> items = new ArrayList<>();
        Path sys = files.sys().resolve("class");
        for (Path chip : KernelFile.entries(sys.resolve("hwmon"))) {
            String name = KernelFile.text(chip.resolve("name"));
            for (Path file : KernelFile.entries(chip)) {
                Matcher matcher = INPUT.matcher(KernelFile.name(file));
                Long value = matcher.matches() ? KernelFile.number(file) : null;
                if (value != null) {
                    items.add(item(chip, name, matcher.group(1), matcher.group(2), value));
                }
            }
        }
        if (items.isEmpty()) {
            thermalZones(sys.resolve("thermal"), items);
        }
        return items.isEmpty()
                ? new Part()
                        .without(
                                "items",
                                "the kernel shows no sensors: a virtual machine has none, and others"
                                        + " need a driver",
                                "on real hardware, load its hwmon driver on the host")
                : new Part().with("items", items);
    }

    private static Map<String, Object> item(
            Path chip, @Nullable String name, String kind, String number, long value) {
        String prefix = kind + number + "_";
        Part part =
                new Part()
                        .with("chip", name)
                        .with("name", KernelFile.text(chip.resolve(prefix + "label")));
        return switch (kind) {
            case "temp" ->
                    part.with("temperatureCelsius", value / MILLI)
                            .with("maximumCelsius", limit(chip.resolve(prefix + "max")))
                            .with("criticalCelsius", limit(chip.resolve(prefix + "crit")))
                            .values();
            case "fan" -> part.with("revolutionsPerMinute", value).values();
            case "in" -> part.with("volts", value / MILLI).values();
            case "curr" -> part.with("amperes", value / MILLI).values();
            default -> part.with("watts", value / MICRO).values();
        };
    }

    private static @Nullable Double limit(Path file) {
        Long millidegrees = KernelFile.number(file);
        return millidegrees == null ? null : millidegrees / MILLI;
    }

    private static void thermalZones(Path folder, List<Map<String, Object>> items) {
        for (Path zone : KernelFile.entries(folder)) {
            Long millidegrees = KernelFile.number(zone.resolve("temp"));
            if (millidegrees != null) {
                items.add(
                        new Part()
                                .with("chip", "thermal")
                                .with("name", KernelFile.text(zone.resolve("type")))
                                .with("temperatureCelsius", millidegrees / MILLI)
                                .values());
            }
        }
    }
}
