// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.kernel.KernelFormatException;
import io.hostagent.capability.metrics.kernel.KernelText;
import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.SampleSet;
import java.io.IOException;
import java.util.List;

/**
 * What each processor did with packets, from {@code /proc/net/softnet_stat}: numbers in base 16, a
 * line for each processor in use. It is the same for every network namespace.
 */
final class SoftnetCollector implements NodeCollector {

    /** The fewest that a line has had. */
    private static final int OLDEST = 9;

    /** Where the number of the processor is, since Linux 5.10; before, lines count from 0. */
    private static final int INDEX = 12;

    private record Column(int index, Family family) {}

    private static final List<Column> COLUMNS =
            List.of(
                    counter(0, "processed", "Packets that were received."),
                    counter(1, "dropped", "Packets that were dropped since too many waited."),
                    counter(
                            2,
                            "times_squeezed",
                            "How often packets were left for later, as time or budget was over."),
                    counter(
                            8,
                            "cpu_collision",
                            "How often another processor had the lock of a device, when sending."),
                    counter(
                            9,
                            "received_rps",
                            "How often another processor gave this one packets."),
                    counter(
                            10,
                            "flow_limit_count",
                            "Packets that were dropped since their flow had too many."),
                    new Column(11, Family.gauge("node_softnet_backlog_len", "Packets that wait.")));

    private static Column counter(int index, String name, String help) {
        return new Column(index, Family.counter("node_softnet_" + name + "_total", help));
    }

    private final CpuLabels labels = new CpuLabels();
    private final long[] row = new long[INDEX + 1];

    @Override
    public String name() {
        return "softnet";
    }

    @Override
    public void collect(NodeScrape scrape, SampleSet samples) throws IOException {
        KernelText text = scrape.read(scrape.net("softnet_stat"));
        int line = 0;
        while (text.line()) {
            int width = 0;
            while (width < row.length && text.field()) {
                row[width++] = text.hexadecimal();
            }
            if (width < OLDEST) {
                throw new KernelFormatException(
                        "a line of /proc/net/softnet_stat has " + width + " numbers");
            }
            Labels cpu = labels.of(width > INDEX ? (int) row[INDEX] : line);
            for (Column column : COLUMNS) {
                if (column.index() < width) {
                    samples.family(column.family()).add(cpu, (double) row[column.index()]);
                }
            }
            line++;
        }
    }
}
