// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.kernel.KernelText;
import io.hostagent.capability.metrics.sample.SampleSet;
import java.io.IOException;

/**
 * Counters of the host's protocols, from {@code netstat}, {@code snmp} and {@code snmp6} of {@code
 * /proc/1/net}.
 */
final class NetStatCollector implements NodeCollector {

    private final NetStatFields netstat;
    private final NetStatFields snmp;
    private final NetStatFields snmp6;

    /** Takes the counters that are wanted, such as {@code Tcp_InSegs}. */
    NetStatCollector(NameFilter fields) {
        netstat = new NetStatFields(fields);
        snmp = new NetStatFields(fields);
        snmp6 = new NetStatFields(fields);
    }

    @Override
    public String name() {
        return "netstat";
    }

    @Override
    public void collect(NodeScrape scrape, SampleSet samples) throws IOException {
        KernelText text = scrape.text();
        text.read(scrape.net("netstat"));
        netstat.readPairs(text, samples);
        text.read(scrape.net("snmp"));
        snmp.readPairs(text, samples);
        // A kernel without IPv6 does not have this one.
        if (OptionalFile.readIfThere(text, scrape.net("snmp6"))) {
            snmp6.readLines(text, samples);
        }
    }
}
