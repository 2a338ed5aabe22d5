// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.FamilySamples;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.SampleSet;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the processors do, from {@code /proc/stat}, and how hot it makes them, from sysfs. */
final class CpuCollector implements NodeCollector {

    private static final Family SECONDS =
            Family.counter(
                    "node_cpu_seconds_total", "Seconds that a processor has spent in each mode.");
    private static final Family GUEST =
            Family.counter(
                    "node_cpu_guest_seconds_total",
                    "Seconds that a processor has run virtual machines; they count for the modes,"
                            + " too.");
    private static final Family CORE_THROTTLES =
            Family.counter(
                    "node_cpu_core_throttles_total",
                    "How often a core was slowed down for its heat.");
    private static final Family PACKAGE_THROTTLES =
            Family.counter(
                    "node_cpu_package_throttles_total",
                    "How often a package was slowed down for its heat.");
    private static final Family ISOLATED =
            Family.gauge(
                    "node_cpu_isolated",
                    "1 for a processor that the scheduler leaves alone, see isolcpus.");
    private static final Family ONLINE =
            Family.gauge("node_cpu_online", "Whether a processor is in use: 1, or 0.");

    private static final List<Labels> MODES =
            List.of("user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal").stream()
                    .map(mode -> Labels.of("mode", mode))
                    .toList();

    private final boolean info;
    private final CpuSeconds seconds = new CpuSeconds();
    private final CpuLabels labels = new CpuLabels();
    private @Nullable CpuTopology topology;

    /**
     * One that tells of the processors.
     *
     * @param info and what they are, too
     */
    CpuCollector(boolean info) {
        this.info = info;
    }

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public void collect(NodeScrape scrape, SampleSet samples) throws IOException {
        if (info) {
            CpuInfo.add(scrape.read(scrape.proc("cpuinfo")), samples);
        }
        seconds.take(scrape.read(scrape.proc("stat")));
        addSeconds(samples);
        CpuTopology known = topology;
        if (known == null || seconds.changed()) {
            known = CpuTopology.of(scrape);
            topology = known;
        }
        FamilySamples isolated = samples.family(ISOLATED);
        known.isolated().forEach(cpu -> isolated.add(labels.of(cpu), 1));
        addOnline(scrape, known, samples.family(ONLINE));
        addCounters(scrape, known.cores(), samples.family(CORE_THROTTLES));
        addCounters(scrape, known.packages(), samples.family(PACKAGE_THROTTLES));
    }

    private void addSeconds(SampleSet samples) {
        FamilySamples modes = samples.family(SECONDS);
        FamilySamples guests = samples.family(GUEST);
        for (int cpu = 0; cpu < seconds.size(); cpu++) {
            if (!seconds.has(cpu)) {
                continue;
            }
            Labels ofCpu = labels.of(cpu);
            for (int mode = 0; mode <= CpuSeconds.STEAL; mode++) {
                modes.add(ofCpu, MODES.get(mode), seconds.of(cpu, mode));
            }
            guests.add(ofCpu, MODES.get(CpuSeconds.USER), seconds.of(cpu, CpuSeconds.GUEST));
            guests.add(ofCpu, MODES.get(CpuSeconds.NICE), seconds.of(cpu, CpuSeconds.GUEST_NICE));
        }
    }

    private void addOnline(NodeScrape scrape, CpuTopology known, FamilySamples online) {
        if (known.present().isEmpty()) {
            return;
        }
        Set<Integer> inUse =
                new HashSet<>(CpuList.parse(scrape.value(scrape.sys("devices/system/cpu/online"))));
        for (Integer cpu : known.present()) {
            online.add(labels.of(cpu), inUse.contains(cpu) ? 1 : 0);
        }
    }

    private static void addCounters(
            NodeScrape scrape, List<CpuTopology.Counter> counters, FamilySamples family)
            throws IOException {
        for (CpuTopology.Counter counter : counters) {
            OptionalDouble value = scrape.number(counter.file());
            if (value.isPresent()) {
                family.add(counter.labels(), value.getAsDouble());
            }
        }
    }
}
