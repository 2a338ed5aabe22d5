// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.dbus.BusConnection;
import io.hostagent.capability.metrics.node.SystemdProperties.Property;
import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.Labels.Label;
import io.hostagent.capability.metrics.sample.SampleSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What systemd runs on the host, asked over the host's bus, or over systemd's own socket when there
 * is no bus. Off unless asked for.
 */
final class SystemdCollector implements NodeCollector {

    private static final Family UNIT_STATE =
            family("unit_state", "What a unit does: 1 for that, 0 for the others.");
    private static final Family UNITS = family("units", "Units, by what they do.");
    private static final Family RUNNING =
            family("system_running", "Whether all of the system runs as it should, 1 or 0.");
    private static final Family VERSION = family("version", "The version of systemd.");
    private static final Family VIRTUALIZATION =
            family("virtualization_info", "What the host runs in; always 1.");

    private static final List<String> STATES =
            List.of("active", "activating", "deactivating", "inactive", "failed");
    private static final Pattern VERSION_NUMBER = Pattern.compile("[0-9]{3,}(\\.[0-9]+)?");
    private static final double MICRO = 1e6;

    private static final Property SYSTEM_STATE = Property.ofManager("SystemState");
    private static final Property VERSION_TEXT = Property.ofManager("Version");
    private static final Property VIRTUALIZATION_TEXT = Property.ofManager("Virtualization");

    /** A number that units of a kind have. */
    private record UnitNumber(
            String kind, String type, String name, Family family, double divisor) {}

    private static final List<UnitNumber> NUMBERS =
            List.of(
                    new UnitNumber(
                            "service",
                            "Service",
                            "NRestarts",
                            counter("service_restart", "How often a service was started again."),
                            1),
                    new UnitNumber(
                            "socket",
                            "Socket",
                            "NAccepted",
                            counter("socket_accepted_connections", "Connections taken."),
                            1),
                    new UnitNumber(
                            "socket",
                            "Socket",
                            "NConnections",
                            family("socket_current_connections", "Connections there are."),
                            1),
                    new UnitNumber(
                            "socket",
                            "Socket",
                            "NRefused",
                            family("socket_refused_connections_total", "Connections refused."),
                            1),
                    new UnitNumber(
                            "timer",
                            "Timer",
                            "LastTriggerUSec",
                            family("timer_last_trigger_seconds", "When it rang, in Unix time."),
                            MICRO));

    /** Kinds of units that have a type of their own, and who tells it. */
    private static final Map<String, String> TYPED = Map.of("service", "Service", "mount", "Mount");

    private static Family family(String name, String help) {
        return Family.gauge("node_systemd_" + name, help);
    }

    private static Family counter(String name, String help) {
        return Family.counter("node_systemd_" + name + "_total", help);
    }

    private final NameFilter wanted;
    private final Duration time;

    /**
     * Takes the units that are wanted.
     *
     * @param time how long systemd has to answer everything
     */
    SystemdCollector(NameFilter wanted, Duration time) {
        this.wanted = wanted;
        this.time = time;
    }

    @Override
    public String name() {
        return "systemd";
    }

    @Override
    public void collect(NodeScrape scrape, SampleSet samples) throws IOException {
        Path run = scrape.files().root().orElse(Path.of("/")).resolve("run");
        Path bus = run.resolve("dbus/system_bus_socket");
        Path direct = run.resolve("systemd/private");
        boolean hasBus = Files.exists(bus);
        if (!hasBus && !Files.exists(direct)) {
            throw new NoDataException("neither " + bus + " nor " + direct + " is there");
        }
        Duration left = scrape.left().compareTo(time) < 0 ? scrape.left() : time;
        try (BusConnection connection = BusConnection.open(hasBus ? bus : direct, left, hasBus)) {
            collect(connection, samples);
        }
    }

    private void collect(BusConnection bus, SampleSet samples) throws IOException {
        List<SystemdUnit> all = SystemdProperties.units(bus);
        List<SystemdUnit> units =
                all.stream().filter(unit -> unit.loaded() && wanted.takes(unit.name())).toList();
        List<Property> asked = new ArrayList<>();
        asked.add(SYSTEM_STATE);
        asked.add(VERSION_TEXT);
        asked.add(VIRTUALIZATION_TEXT);
        for (SystemdUnit unit : units) {
            String typed = TYPED.get(unit.kind());
            if (typed != null) {
                asked.add(Property.ofUnit(unit, typed, "Type"));
            }
            for (UnitNumber number : NUMBERS) {
                if (number.kind().equals(unit.kind())) {
                    asked.add(Property.ofUnit(unit, number.type(), number.name()));
                }
            }
        }
        SystemdProperties properties = new SystemdProperties();
        properties.ask(bus, asked);
        tellSystem(properties, samples);
        tellSummary(all, samples);
        units.forEach(unit -> tell(unit, properties, samples));
    }

    private static void tellSystem(SystemdProperties properties, SampleSet samples) {
        boolean running = properties.text(SYSTEM_STATE).equals("running");
        samples.family(RUNNING).add(running ? 1 : 0);
        String version = properties.text(VERSION_TEXT);
        Matcher number = VERSION_NUMBER.matcher(version);
        samples.family(VERSION)
                .add(
                        Labels.of("version", version),
                        number.find() ? Double.parseDouble(number.group()) : 0);
        String virtualization = properties.text(VIRTUALIZATION_TEXT);
        samples.family(VIRTUALIZATION)
                .add(
                        Labels.of(
                                "virtualization_type",
                                virtualization.isEmpty() ? "none" : virtualization),
                        1);
    }

    private static void tellSummary(List<SystemdUnit> units, SampleSet samples) {
        Map<String, Integer> summary = new LinkedHashMap<>();
        STATES.forEach(state -> summary.put(state, 0));
        units.forEach(unit -> summary.merge(unit.state(), 1, Integer::sum));
        summary.forEach(
                (state, count) -> samples.family(UNITS).add(Labels.of("state", state), count));
    }

    private static void tell(SystemdUnit unit, SystemdProperties properties, SampleSet samples) {
        Labels name = Labels.of("name", unit.name());
        String typed = TYPED.get(unit.kind());
        String type = typed == null ? "" : properties.text(Property.ofUnit(unit, typed, "Type"));
        for (String state : STATES) {
            samples.family(UNIT_STATE)
                    .add(
                            Labels.of(
                                    List.of(
                                            new Label("name", unit.name()),
                                            new Label("state", state),
                                            new Label("type", type))),
                            unit.state().equals(state) ? 1 : 0);
        }
        for (UnitNumber number : NUMBERS) {
            if (number.kind().equals(unit.kind())) {
                @Nullable Long value =
                        properties.number(Property.ofUnit(unit, number.type(), number.name()));
                if (value != null) {
                    samples.family(number.family()).add(name, value / number.divisor());
                }
            }
        }
    }
}
