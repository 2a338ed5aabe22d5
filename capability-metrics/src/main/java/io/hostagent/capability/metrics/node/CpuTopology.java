// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.core.kernel.KernelFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The folders of processors in {@code /sys/devices/system/cpu}, as they are until a processor comes
 * or goes.
 *
 * @param cores files that count how often a core was slowed down for its heat; one for each core
 * @param packages the same for each package
 * @param isolated labels of the processors on which the kernel schedules nothing of its own accord
 * @param present the number of each processor there is, if processors can be taken offline; it is
 *     the first one that tells
 */
record CpuTopology(
        List<Counter> cores,
        List<Counter> packages,
        List<Integer> isolated,
        List<Integer> present) {

    private static final Pattern CPU = Pattern.compile("cpu\\d+");

    /** Where a number is, and what it is labelled with. */
    record Counter(Path file, Labels labels) {}

    static CpuTopology of(NodeScrape scrape) {
        Path folder = scrape.sys("devices/system/cpu");
        Map<String, Counter> cores = new LinkedHashMap<>();
        Map<String, Counter> packages = new LinkedHashMap<>();
        List<Integer> present = new ArrayList<>();
        for (Path cpu : cpus(folder)) {
            present.add(number(cpu));
            addCounters(scrape, cpu, cores, packages);
        }
        boolean canGoOffline =
                !present.isEmpty()
                        && Files.exists(folder.resolve("cpu" + present.getFirst() + "/online"));
        return new CpuTopology(
                List.copyOf(cores.values()),
                List.copyOf(packages.values()),
                CpuList.parse(scrape.value(folder.resolve("isolated"))),
                canGoOffline ? List.copyOf(present) : List.of());
    }

    /** The folders of all processors, present or not, by number. */
    static List<Path> cpus(Path folder) {
        return KernelFile.entries(folder).stream()
                .filter(path -> CPU.matcher(KernelFile.name(path)).matches())
                .sorted((one, other) -> Integer.compare(number(one), number(other)))
                .toList();
    }

    /** The number of a processor by its folder. */
    static int number(Path cpu) {
        return Integer.parseInt(KernelFile.name(cpu).substring("cpu".length()));
    }

    private static void addCounters(
            NodeScrape scrape,
            Path cpu,
            Map<String, Counter> cores,
            Map<String, Counter> packages) {
        Path throttle = cpu.resolve("thermal_throttle");
        if (!Files.isDirectory(throttle)) {
            return;
        }
        @Nullable String ofPackage = scrape.value(cpu.resolve("topology/physical_package_id"));
        @Nullable String core = scrape.value(cpu.resolve("topology/core_id"));
        if (ofPackage == null || core == null) {
            return;
        }
        add(
                cores,
                ofPackage + ' ' + core,
                throttle.resolve("core_throttle_count"),
                Labels.of("core", core, "package", ofPackage));
        add(
                packages,
                ofPackage,
                throttle.resolve("package_throttle_count"),
                Labels.of("package", ofPackage));
    }

    private static void add(Map<String, Counter> counters, String key, Path file, Labels labels) {
        if (!counters.containsKey(key) && Files.exists(file)) {
            counters.put(key, new Counter(file, labels));
        }
    }
}
