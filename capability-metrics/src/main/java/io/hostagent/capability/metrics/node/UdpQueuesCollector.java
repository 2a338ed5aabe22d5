// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.kernel.KernelText;
import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.SampleSet;
import java.io.IOException;

/** What waits in the queues of all UDP sockets, from {@code /proc/1/net/udp} and {@code udp6}. */
final class UdpQueuesCollector implements NodeCollector {

    private static final Family QUEUES =
            Family.gauge("node_udp_queues", "Bytes in the queues of UDP sockets.");

    @Override
    public String name() {
        return "udp_queues";
    }

    @Override
    public void collect(NodeScrape scrape, SampleSet samples) throws IOException {
        boolean four = collect(scrape, "udp", "v4", samples);
        boolean six = collect(scrape, "udp6", "v6", samples);
        if (!four && !six) {
            throw new NoDataException("neither IPv4 nor IPv6");
        }
    }

    private static boolean collect(NodeScrape scrape, String file, String ip, SampleSet samples)
            throws IOException {
        KernelText text = scrape.text();
        if (!OptionalFile.readIfThere(text, scrape.net(file))) {
            return false;
        }
        SocketTable table = new SocketTable(text);
        long transmit = 0;
        long receive = 0;
        while (table.next()) {
            transmit += table.transmitQueue();
            receive += table.receiveQueue();
        }
        samples.family(QUEUES).add(Labels.of("queue", "tx", "ip", ip), (double) transmit);
        samples.family(QUEUES).add(Labels.of("queue", "rx", "ip", ip), (double) receive);
        return true;
    }
}
