// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.kernel.KernelFormatException;
import io.hostagent.capability.metrics.kernel.KernelText;
import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.SampleSet;
import java.io.IOException;
import java.util.List;

/** How many tasks run or wait for a disk, on average, from {@code /proc/loadavg}. */
final class LoadavgCollector implements NodeCollector {

    private static final List<Family> AVERAGES =
            List.of(
                    Family.gauge("node_load1", "Load, averaged over about a minute."),
                    Family.gauge("node_load5", "Load, averaged over about 5 minutes."),
                    Family.gauge("node_load15", "Load, averaged over about 15 minutes."));

    @Override
    public String name() {
        return "loadavg";
    }

    @Override
    public void collect(NodeScrape scrape, SampleSet samples) throws IOException {
        KernelText text = scrape.read(scrape.proc("loadavg"));
        text.line();
        for (Family average : AVERAGES) {
            if (!text.field()) {
                throw new KernelFormatException("/proc/loadavg has fewer than three numbers");
            }
            samples.family(average).add(text.decimal());
        }
    }
}
