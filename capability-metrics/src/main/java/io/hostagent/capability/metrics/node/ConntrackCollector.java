// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.kernel.KernelFormatException;
import io.hostagent.capability.metrics.kernel.KernelText;
import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.SampleSet;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The table of tracked connections. Below {@code /proc/sys/net} everybody sees the table of the own
 * network, so the number of entries is taken from {@code /proc/1/net/stat/nf_conntrack}, which is
 * the host's; the limit is the same for all networks.
 */
final class ConntrackCollector implements NodeCollector {

    private static final Family ENTRIES =
            Family.gauge("node_nf_conntrack_entries", "Connections that are tracked.");
    private static final Family LIMIT =
            Family.gauge("node_nf_conntrack_entries_limit", "Connections that can be tracked.");

    /** What a column of the statistics counts, in base 16, for one processor. */
    private record Column(int index, Family family) {

        static Column of(int index, String name, String help) {
            return new Column(index, Family.gauge("node_nf_conntrack_stat_" + name, help));
        }
    }

    private static final List<Column> COLUMNS =
            List.of(
                    Column.of(2, "found", "Searches that found an entry."),
                    Column.of(4, "invalid", "Packets that cannot be tracked."),
                    Column.of(5, "ignore", "Packets of connections that are tracked already."),
                    Column.of(8, "insert", "Entries that were added."),
                    Column.of(9, "insert_failed", "Entries that were there when they were added."),
                    Column.of(10, "drop", "Packets dropped since tracking failed."),
                    Column.of(11, "early_drop", "Entries dropped to make room in a full table."),
                    Column.of(16, "search_restart", "Searches begun again as the table grew."));

    /** Linux 2.6.35 added the last one. */
    private static final int FEWEST = 16;

    @Override
    public String name() {
        return "conntrack";
    }

    @Override
    public void collect(NodeScrape scrape, SampleSet samples) throws IOException {
        KernelText text = scrape.text();
        long @Nullable [] sums = null;
        if (OptionalFile.readIfThere(text, scrape.net("stat/nf_conntrack"))) {
            sums = sums(text);
        }
        long entries =
                sums == null ? number(scrape, "sys/net/netfilter/nf_conntrack_count") : sums[0];
        long limit = number(scrape, "sys/net/netfilter/nf_conntrack_max");
        samples.family(ENTRIES).add((double) entries);
        samples.family(LIMIT).add((double) limit);
        if (sums != null) {
            for (Column column : COLUMNS) {
                samples.family(column.family()).add((double) sums[column.index()]);
            }
        }
    }

    private static long number(NodeScrape scrape, String file) throws IOException {
        KernelText text = scrape.text();
        scrape.optional(scrape.proc(file), "connections are not tracked");
        text.line();
        text.field();
        return text.number();
    }

    /** The columns added up, but for the first one, which is the same on all lines. */
    private static long[] sums(KernelText text) throws KernelFormatException {
        long[] sums = new long[FEWEST + 1];
        text.line();
        while (text.line()) {
            int columns = 0;
            while (text.field() && columns < sums.length) {
                long value = text.hexadecimal();
                sums[columns] = columns == 0 ? value : sums[columns] + value;
                columns++;
            }
            if (columns < FEWEST) {
                throw new KernelFormatException(
                        "connection tracking tells " + columns + " numbers and not " + FEWEST);
            }
        }
        return sums;
    }
}
