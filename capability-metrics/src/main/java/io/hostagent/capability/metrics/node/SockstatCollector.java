// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.kernel.KernelFormatException;
import io.hostagent.capability.metrics.kernel.KernelText;
import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.SampleSet;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * How many sockets there are and what memory they take, from {@code /proc/1/net/sockstat} and
 * {@code sockstat6}. A line is a protocol and pairs of a name and a number: {@code TCP: inuse 27
 * orphan 0 tw 3 alloc 30 mem 4}.
 */
final class SockstatCollector implements NodeCollector {

    private static final Family USED =
            Family.gauge("node_sockstat_sockets_used", "Sockets of all kinds.");

    private static final Set<String> KEYS = Set.of("inuse", "orphan", "tw", "alloc", "memory");

    private final Map<String, Family> families = new HashMap<>();
    private final long pageSize;

    /** Memory is told in pages of this size, in bytes. */
    SockstatCollector(long pageSize) {
        this.pageSize = pageSize;
    }

    @Override
    public String name() {
        return "sockstat";
    }

    @Override
    public void collect(NodeScrape scrape, SampleSet samples) throws IOException {
        for (String file : new String[] {"sockstat", "sockstat6"}) {
            if (OptionalFile.readIfThere(scrape.text(), scrape.net(file))) {
                while (scrape.text().line()) {
                    tell(scrape.text(), samples);
                }
            }
        }
    }

    private void tell(KernelText text, SampleSet samples) throws KernelFormatException {
        text.field();
        if (!text.endsWith(":")) {
            throw new KernelFormatException("'" + text.text() + "' is no protocol of sockets");
        }
        String protocol = text.text();
        protocol = protocol.substring(0, protocol.length() - 1);
        while (text.field()) {
            String key = text.text();
            text.field();
            double value = text.number();
            if (protocol.equals("sockets") && key.equals("used")) {
                samples.family(USED).add(value);
            } else if (key.equals("mem")) {
                samples.family(family(protocol, "mem")).add(value);
                samples.family(family(protocol, "mem_bytes")).add(value * pageSize);
            } else if (KEYS.contains(key)) {
                samples.family(family(protocol, key)).add(value);
            }
        }
    }

    private Family family(String protocol, String key) {
        return families.computeIfAbsent(
                protocol + "_" + key,
                name ->
                        Family.gauge(
                                "node_sockstat_" + name,
                                "What the kernel says of " + protocol + " sockets: " + key + "."));
    }
}
