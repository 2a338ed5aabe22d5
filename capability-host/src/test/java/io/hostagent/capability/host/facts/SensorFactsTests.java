// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.facts;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.core.fixture.RecordedHost;
import io.hostagent.core.json.JsonTree;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SensorFactsTests {

    @TempDir private Path folder = Path.of("");

    @Test
    void haveTheirUnits() {
        Part part = SensorFacts.read(RecordedHost.in(folder).with("desktop.tree").files());

        assertThat(JsonTree.list(part.json(), "items"))
                .containsExactly(
                        Map.of(
                                "chip", "coretemp",
                                "name", "Package id 0",
                                "temperatureCelsius", 47.0,
                                "maximumCelsius", 100.0,
                                "criticalCelsius", 100.0),
                        Map.of("chip", "coretemp", "name", "Core 0", "temperatureCelsius", 45.5),
                        Map.of("chip", "thinkpad", "amperes", 1.25),
                        Map.of("chip", "thinkpad", "revolutionsPerMinute", 2714L),
                        Map.of("chip", "thinkpad", "volts", 12.16),
                        Map.of("chip", "thinkpad", "watts", 9.834));
    }

    @Test
    void areThermalZonesWhereThereAreNoOthers() {
        RecordedHost host =
                RecordedHost.in(folder)
                        .file("sys/class/thermal/thermal_zone0/type", "cpu-thermal\n")
                        .file("sys/class/thermal/thermal_zone0/temp", "51121\n");

        assertThat(JsonTree.list(SensorFacts.read(host.files()).json(), "items"))
                .containsExactly(
                        Map.of(
                                "chip", "thermal",
                                "name", "cpu-thermal",
                                "temperatureCelsius", 51.121));
    }

    @Test
    void areNamedAsAbsentInAVirtualMachine() {
        Part part = SensorFacts.read(RecordedHost.in(folder).with("microvm.tree").files());

        assertThat(part.values()).isEmpty();
        assertThat(part.json().get("absent")).asString().contains("virtual machine");
    }
}
