// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.kernel.KernelFormatException;
import io.hostagent.capability.metrics.kernel.KernelText;
import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.FamilySamples;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.SampleSet;
import java.io.IOException;

/**
 * For how long tasks ran and waited on each processor, from {@code /proc/schedstat}: the last three
 * of the nine numbers behind {@code cpu0}, in nanoseconds.
 */
final class SchedstatCollector implements NodeCollector {

    private static final double NANOSECONDS = 1e9;

    /** What the scheduler's own code did; only its developers read it. */
    private static final int BEFORE = 6;

    private static final Family RUNNING =
            Family.counter(
                    "node_schedstat_running_seconds_total",
                    "Seconds that tasks have run on a processor.");
    private static final Family WAITING =
            Family.counter(
                    "node_schedstat_waiting_seconds_total",
                    "Seconds that tasks have waited for a processor, added up.");
    private static final Family TIMESLICES =
            Family.counter(
                    "node_schedstat_timeslices_total", "How often a task got a processor's time.");

    private final CpuLabels labels = new CpuLabels();

    @Override
    public String name() {
        return "schedstat";
    }

    @Override
    public void collect(NodeScrape scrape, SampleSet samples) throws IOException {
        KernelText text =
                scrape.optional(
                        scrape.proc("schedstat"),
                        "/proc/schedstat needs a kernel that was built with CONFIG_SCHEDSTATS");
        FamilySamples running = samples.family(RUNNING);
        FamilySamples waiting = samples.family(WAITING);
        FamilySamples timeslices = samples.family(TIMESLICES);
        while (text.line()) {
            if (!text.field() || !text.startsWith("cpu")) {
                continue;
            }
            text.behind('u');
            Labels cpu = labels.of((int) text.number());
            text.skip(BEFORE);
            running.add(cpu, next(text) / NANOSECONDS);
            waiting.add(cpu, next(text) / NANOSECONDS);
            timeslices.add(cpu, next(text));
        }
    }

    private static double next(KernelText text) throws KernelFormatException {
        if (!text.field()) {
            throw new KernelFormatException("a processor in /proc/schedstat has too few numbers");
        }
        return text.unsigned();
    }
}
