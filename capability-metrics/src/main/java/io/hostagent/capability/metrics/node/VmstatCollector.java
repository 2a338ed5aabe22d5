// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.kernel.KernelFormatException;
import io.hostagent.capability.metrics.kernel.KernelText;
import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.SampleSet;
import java.io.IOException;

/** What the management of memory has done, from {@code /proc/vmstat}. */
final class VmstatCollector implements NodeCollector {

    private final KeyedFamilies families;

    VmstatCollector(NameFilter fields) {
        families =
                new KeyedFamilies(
                        key ->
                                fields.takes(key)
                                        ? Family.untyped(
                                                "node_vmstat_" + key,
                                                "Line " + key + " of /proc/vmstat.")
                                        : null);
    }

    @Override
    public String name() {
        return "vmstat";
    }

    @Override
    public void collect(NodeScrape scrape, SampleSet samples) throws IOException {
        KernelText text = scrape.read(scrape.proc("vmstat"));
        while (text.line()) {
            if (!text.field()) {
                continue;
            }
            Family family = families.of(text);
            if (family == null) {
                continue;
            }
            if (!text.field()) {
                throw new KernelFormatException("/proc/vmstat has a line without a number");
            }
            samples.family(family).add(text.unsigned());
        }
    }
}
