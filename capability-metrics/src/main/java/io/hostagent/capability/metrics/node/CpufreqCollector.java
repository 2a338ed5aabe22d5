// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.FamilySamples;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.SampleSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * How fast the processors run, from {@code /sys/devices/system/cpu/cpu*}{@code /cpufreq}. A virtual
 * machine has none of it.
 */
final class CpufreqCollector implements NodeCollector {

    /** The kernel counts in kHz. */
    private static final double KILO = 1000;

    private record Frequency(String file, Family family) {}

    private static final List<Frequency> FREQUENCIES =
            List.of(
                    hertz("cpuinfo_cur_freq", "node_cpu_frequency_hertz", "measured now"),
                    hertz("cpuinfo_min_freq", "node_cpu_frequency_min_hertz", "it can go down to"),
                    hertz("cpuinfo_max_freq", "node_cpu_frequency_max_hertz", "it can go up to"),
                    hertz("scaling_cur_freq", "node_cpu_scaling_frequency_hertz", "chosen now"),
                    hertz(
                            "scaling_min_freq",
                            "node_cpu_scaling_frequency_min_hertz",
                            "it may be slowed down to"),
                    hertz(
                            "scaling_max_freq",
                            "node_cpu_scaling_frequency_max_hertz",
                            "it may be sped up to"));
    private static final Family GOVERNOR =
            Family.gauge(
                    "node_cpu_scaling_governor",
                    "1 for the rule by which a frequency is chosen, 0 for the others there are.");

    private final CpuLabels labels = new CpuLabels();

    private static Frequency hertz(String file, String name, String which) {
        return new Frequency(
                file, Family.gauge(name, "Frequency of a processor in hertz, " + which + "."));
    }

    @Override
    public String name() {
        return "cpufreq";
    }

    @Override
    public void collect(NodeScrape scrape, SampleSet samples) throws IOException {
        for (Path cpu : CpuTopology.cpus(scrape.sys("devices/system/cpu"))) {
            Path folder = cpu.resolve("cpufreq");
            if (!Files.isDirectory(folder)) {
                continue;
            }
            Labels ofCpu = labels.of(CpuTopology.number(cpu));
            for (Frequency frequency : FREQUENCIES) {
                OptionalDouble value = scrape.number(folder.resolve(frequency.file()));
                if (value.isPresent()) {
                    samples.family(frequency.family()).add(ofCpu, value.getAsDouble() * KILO);
                }
            }
            addGovernor(scrape, folder, ofCpu, samples.family(GOVERNOR));
        }
    }

    private static void addGovernor(
            NodeScrape scrape, Path folder, Labels ofCpu, FamilySamples family) {
        @Nullable String chosen = scrape.value(folder.resolve("scaling_governor"));
        @Nullable String available = scrape.value(folder.resolve("scaling_available_governors"));
        if (chosen == null || available == null) {
            return;
        }
        for (String governor : available.split("\\s+", -1)) {
            family.add(ofCpu, Labels.of("governor", governor), governor.equals(chosen) ? 1 : 0);
        }
    }
}
