// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.kernel.KernelFormatException;
import io.hostagent.capability.metrics.kernel.KernelText;
import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.FamilySamples;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.SampleSet;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** How many neighbours each interface knows by IPv4, from {@code /proc/1/net/arp}. */
final class ArpCollector implements NodeCollector {

    private static final Family ENTRIES =
            Family.gauge("node_arp_entries", "Entries of the ARP table, by interface.");

    /** Address, type of hardware, flags, address of hardware and mask are before the interface. */
    private static final int BEFORE_DEVICE = 5;

    @Override
    public String name() {
        return "arp";
    }

    @Override
    public void collect(NodeScrape scrape, SampleSet samples) throws IOException {
        KernelText text = scrape.text();
        text.read(scrape.net("arp"));
        FamilySamples entries = samples.family(ENTRIES);
        for (Map.Entry<String, Integer> device : count(text).entrySet()) {
            entries.add(Labels.of("device", device.getKey()), device.getValue());
        }
    }

    private static Map<String, Integer> count(KernelText text) throws KernelFormatException {
        Map<String, Integer> devices = new TreeMap<>();
        text.line();
        while (text.line()) {
            if (!text.skip(BEFORE_DEVICE) || !text.field()) {
                throw new KernelFormatException("a line of the ARP table names no interface");
            }
            devices.merge(text.text(), 1, Integer::sum);
        }
        return devices;
    }
}
