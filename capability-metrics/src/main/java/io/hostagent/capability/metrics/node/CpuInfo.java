// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.kernel.KernelText;
import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.FamilySamples;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.Labels.Label;
import io.hostagent.capability.metrics.sample.SampleSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the processors are, as {@code /proc/cpuinfo} tells: an empty line ends each of them. */
final class CpuInfo {

    private static final Family INFO =
            Family.gauge("node_cpu_info", "1, labelled with what a processor is.");

    private CpuInfo() {}

    static void add(KernelText cpuinfo, SampleSet samples) {
        FamilySamples family = samples.family(INFO);
        Map<String, String> cpu = new HashMap<>();
        while (cpuinfo.line()) {
            if (!cpuinfo.field()) {
                flush(cpu, family);
                continue;
            }
            String line = cpuinfo.rest();
            int colon = line.indexOf(':');
            if (colon > 0) {
                cpu.put(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
            }
        }
        flush(cpu, family);
    }

    private static void flush(Map<String, String> cpu, FamilySamples family) {
        // What comes before the first processor and behind the last one on some architectures.
        if (cpu.containsKey("processor")) {
            family.add(labels(cpu), 1);
        }
        cpu.clear();
    }

    private static Labels labels(Map<String, String> cpu) {
        return Labels.of(
                List.of(
                        label("package", cpu, "physical id"),
                        label("core", cpu, "core id"),
                        label("cpu", cpu, "processor"),
                        label("vendor", cpu, "vendor_id"),
                        label("family", cpu, "cpu family"),
                        label("model", cpu, "model"),
                        label("model_name", cpu, "model name"),
                        label("microcode", cpu, "microcode"),
                        label("stepping", cpu, "stepping"),
                        label("cachesize", cpu, "cache size")));
    }

    private static Label label(String name, Map<String, String> cpu, String key) {
        return new Label(name, cpu.getOrDefault(key, ""));
    }
}
