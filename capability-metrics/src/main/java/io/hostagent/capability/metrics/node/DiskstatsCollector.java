// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.kernel.KernelFormatException;
import io.hostagent.capability.metrics.kernel.KernelText;
import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.SampleSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What block devices did, from {@code /proc/diskstats}. Kernels before 4.18 count no discards, and
 * those before 5.5 no flushes.
 */
final class DiskstatsCollector implements NodeCollector {

    /** Whatever the device's own sectors have. */
    private static final int SECTOR_BYTES = 512;

    private static final double MILLISECONDS = 1e-3;

    private record Column(Family family, double unit) {}

    /** In the order of the file, behind the name. */
    private static final List<Column> COLUMNS =
            List.of(
                    count("reads_completed_total", "Reads that were done."),
                    count("reads_merged_total", "Reads that became one with another."),
                    bytes("read_bytes_total", "Bytes that were read."),
                    seconds("read_time_seconds_total", "Seconds that reads took, added up."),
                    count("writes_completed_total", "Writes that were done."),
                    count("writes_merged_total", "Writes that became one with another."),
                    bytes("written_bytes_total", "Bytes that were written."),
                    seconds("write_time_seconds_total", "Seconds that writes took, added up."),
                    new Column(
                            Family.gauge("node_disk_io_now", "Requests that are being served."), 1),
                    seconds("io_time_seconds_total", "Seconds in which something was served."),
                    seconds(
                            "io_time_weighted_seconds_total",
                            "Seconds in which something was served, times the requests there were."),
                    count("discards_completed_total", "Discards that were done."),
                    count("discards_merged_total", "Discards that became one with another."),
                    count("discarded_sectors_total", "Sectors of 512 bytes that were discarded."),
                    seconds("discard_time_seconds_total", "Seconds that discards took, added up."),
                    count("flush_requests_total", "Flushes that were done."),
                    seconds(
                            "flush_requests_time_seconds_total",
                            "Seconds that flushes took, added up."));

    private final NameFilter disks;

    DiskstatsCollector(NameFilter disks) {
        this.disks = disks;
    }

    private static Column count(String name, String help) {
        return new Column(Family.counter("node_disk_" + name, help), 1);
    }

    private static Column bytes(String name, String help) {
        return new Column(Family.counter("node_disk_" + name, help), SECTOR_BYTES);
    }

    private static Column seconds(String name, String help) {
        return new Column(Family.counter("node_disk_" + name, help), MILLISECONDS);
    }

    @Override
    public String name() {
        return "diskstats";
    }

    @Override
    public void collect(NodeScrape scrape, SampleSet samples) throws IOException {
        KernelText text = scrape.read(scrape.proc("diskstats"));
        List<DiskLine> told = new ArrayList<>();
        while (text.line()) {
            if (!text.skip(3)) {
                throw new KernelFormatException("a line of /proc/diskstats has no name");
            }
            String device = text.text();
            if (disks.takes(device)) {
                addCounts(Labels.of("device", device), text, samples);
                told.add(line(device, text));
            }
        }
        // Only now, as it reads other files with the same text.
        told.forEach(disk -> DiskInfo.add(scrape, disk, samples));
    }

    private static DiskLine line(String device, KernelText text) {
        text.again();
        text.field();
        String major = text.text();
        text.field();
        return new DiskLine(major, text.text(), device);
    }

    private static void addCounts(Labels device, KernelText text, SampleSet samples)
            throws KernelFormatException {
        for (Column column : COLUMNS) {
            if (!text.field()) {
                break;
            }
            samples.family(column.family()).add(device, text.unsigned() * column.unit());
        }
    }
}
