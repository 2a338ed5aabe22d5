// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.kernel.KernelFormatException;
import io.hostagent.capability.metrics.kernel.KernelText;
import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.SampleSet;
import java.io.IOException;
import java.util.List;

/** What {@code /proc/stat} tells besides processors. */
final class StatCollector implements NodeCollector {

    private record Line(String key, Family family) {}

    private static final List<Line> LINES =
            List.of(
                    new Line(
                            "intr",
                            Family.counter("node_intr_total", "Interrupts that were served.")),
                    new Line(
                            "ctxt",
                            Family.counter(
                                    "node_context_switches_total",
                                    "How often a processor went over to another task.")),
                    new Line(
                            "processes",
                            Family.counter(
                                    "node_forks_total", "Processes and threads that were made.")),
                    new Line(
                            "btime",
                            Family.gauge(
                                    "node_boot_time_seconds",
                                    "When the host started, in seconds since 1970.")),
                    new Line(
                            "procs_running",
                            Family.gauge("node_procs_running", "Tasks that could run.")),
                    new Line(
                            "procs_blocked",
                            Family.gauge("node_procs_blocked", "Tasks that wait for a disk.")));

    @Override
    public String name() {
        return "stat";
    }

    @Override
    public void collect(NodeScrape scrape, SampleSet samples) throws IOException {
        KernelText text = scrape.read(scrape.proc("stat"));
        while (text.line()) {
            if (!text.field()) {
                continue;
            }
            for (Line line : LINES) {
                if (text.is(line.key())) {
                    add(line, text, samples);
                    break;
                }
            }
        }
    }

    private static void add(Line line, KernelText text, SampleSet samples)
            throws KernelFormatException {
        if (!text.field()) {
            throw new KernelFormatException("'" + line.key() + "' in /proc/stat has no number");
        }
        samples.family(line.family()).add(text.unsigned());
    }
}
