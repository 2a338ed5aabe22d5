// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.kernel.KernelFormatException;
import io.hostagent.capability.metrics.kernel.KernelText;
import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.SampleSet;
import java.io.IOException;

/** What the kernel has to make random numbers of, from {@code /proc/sys/kernel/random}. */
final class EntropyCollector implements NodeCollector {

    private static final Family AVAILABLE =
            Family.gauge("node_entropy_available_bits", "Bits of entropy there are.");
    private static final Family POOL =
            Family.gauge("node_entropy_pool_size_bits", "Bits of entropy there can be.");

    @Override
    public String name() {
        return "entropy";
    }

    @Override
    public void collect(NodeScrape scrape, SampleSet samples) throws IOException {
        add(scrape, "sys/kernel/random/entropy_avail", AVAILABLE, samples);
        add(scrape, "sys/kernel/random/poolsize", POOL, samples);
    }

    private static void add(NodeScrape scrape, String file, Family family, SampleSet samples)
            throws IOException {
        KernelText text = scrape.read(scrape.proc(file));
        if (!text.line() || !text.field()) {
            throw new KernelFormatException("/proc/" + file + " is empty");
        }
        samples.family(family).add(text.unsigned());
    }
}
