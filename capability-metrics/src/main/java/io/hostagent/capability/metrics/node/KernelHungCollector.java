// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.kernel.KernelFormatException;
import io.hostagent.capability.metrics.kernel.KernelText;
import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.SampleSet;
import java.io.IOException;

/** Tasks that the kernel found to hang, from {@code /proc/sys/kernel/hung_task_detect_count}. */
final class KernelHungCollector implements NodeCollector {

    private static final Family TASKS =
            Family.counter("node_kernel_hung_tasks_total", "Tasks that the kernel found to hang.");

    @Override
    public String name() {
        return "kernel_hung";
    }

    @Override
    public void collect(NodeScrape scrape, SampleSet samples) throws IOException {
        KernelText text =
                scrape.optional(
                        scrape.proc("sys/kernel/hung_task_detect_count"),
                        "the kernel is older than 6.13 or does not look for hung tasks");
        if (!text.line() || !text.field()) {
            throw new KernelFormatException("hung_task_detect_count is empty");
        }
        samples.family(TASKS).add(text.unsigned());
    }
}
