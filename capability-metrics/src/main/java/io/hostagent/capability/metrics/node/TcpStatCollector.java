// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.kernel.KernelText;
import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.FamilySamples;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.SampleSet;
import java.io.IOException;
import java.util.List;

/**
 * How many TCP sockets of the host's own network are in each state, from {@code /proc/1/net/tcp}
 * and {@code tcp6}. To list them the kernel walks a table of all networks' sockets, which takes
 * milliseconds even where there is none: off unless asked for.
 */
final class TcpStatCollector implements NodeCollector {

    private static final Family STATES =
            Family.gauge(
                    "node_tcp_connection_states",
                    "TCP sockets by state, and the bytes in their queues.");

    /** From 1 on as the kernel numbers them. */
    private static final List<Labels> NAMES =
            List.of(
                    state("established"),
                    state("syn_sent"),
                    state("syn_recv"),
                    state("fin_wait1"),
                    state("fin_wait2"),
                    state("time_wait"),
                    state("close"),
                    state("close_wait"),
                    state("last_ack"),
                    state("listen"),
                    state("closing"));

    private static final Labels RECEIVE = state("rx_queued_bytes");
    private static final Labels TRANSMIT = state("tx_queued_bytes");
    private static final Labels OTHER = state("unknown");

    private static Labels state(String name) {
        return Labels.of("state", name);
    }

    @Override
    public String name() {
        return "tcpstat";
    }

    @Override
    public void collect(NodeScrape scrape, SampleSet samples) throws IOException {
        KernelText text = scrape.text();
        Counts counts = new Counts();
        text.read(scrape.net("tcp"));
        counts.add(new SocketTable(text));
        if (OptionalFile.readIfThere(text, scrape.net("tcp6"))) {
            counts.add(new SocketTable(text));
        }
        counts.tell(samples.family(STATES));
    }

    private static final class Counts {

        private final long[] sockets = new long[NAMES.size() + 1];
        private double transmit;
        private double receive;

        void add(SocketTable table) throws IOException {
            while (table.next()) {
                int state = table.state();
                sockets[state >= 1 && state <= NAMES.size() ? state - 1 : NAMES.size()]++;
                transmit += (double) table.transmitQueue();
                receive += (double) table.receiveQueue();
            }
        }

        void tell(FamilySamples samples) {
            boolean any = false;
            for (int i = 0; i < sockets.length; i++) {
                if (sockets[i] > 0) {
                    samples.add(i < NAMES.size() ? NAMES.get(i) : OTHER, (double) sockets[i]);
                    any = true;
                }
            }
            if (any) {
                samples.add(RECEIVE, receive);
                samples.add(TRANSMIT, transmit);
            }
        }
    }
}
