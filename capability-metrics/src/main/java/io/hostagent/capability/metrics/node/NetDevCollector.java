// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.kernel.KernelFormatException;
import io.hostagent.capability.metrics.kernel.KernelText;
import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.FamilySamples;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.SampleSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What went through the host's network interfaces, from {@code /proc/1/net/dev}: one file for all
 * of them, and one system call, however many there are. node_exporter asks by netlink and adds up
 * what this file adds up; the counter that the file does not have is read from sysfs, for the
 * interfaces that {@code netclass} reads anyway.
 */
final class NetDevCollector implements NodeCollector {

    /** In the order of the file's columns. */
    private static final List<Family> COLUMNS =
            List.of(
                    family("receive_bytes", "Bytes received."),
                    family("receive_packets", "Packets received."),
                    family("receive_errs", "Packets that came broken."),
                    family("receive_drop", "Packets received and dropped, or missed."),
                    family("receive_fifo", "Packets lost since a queue was full on receiving."),
                    family("receive_frame", "Packets of the wrong length or checksum."),
                    family("receive_compressed", "Compressed packets received."),
                    family("receive_multicast", "Packets received for a group."),
                    family("transmit_bytes", "Bytes sent."),
                    family("transmit_packets", "Packets sent."),
                    family("transmit_errs", "Packets that could not be sent."),
                    family("transmit_drop", "Packets to send that were dropped."),
                    family("transmit_fifo", "Packets lost since a queue was full on sending."),
                    family("transmit_colls", "Collisions while sending."),
                    family("transmit_carrier", "Packets lost with the carrier while sending."),
                    family("transmit_compressed", "Compressed packets sent."));

    private static final Family NO_HANDLER =
            family("receive_nohandler", "Packets received that no protocol wanted.");

    private static Family family(String name, String help) {
        return Family.counter("node_network_" + name + "_total", help);
    }

    private final NameFilter devices;
    private final NameFilter devicesWithFiles;
    private final KeptLabels labels = new KeptLabels("device");

    /**
     * Takes the interfaces that are wanted.
     *
     * @param devicesWithFiles those of them for which a file of their own is opened
     */
    NetDevCollector(NameFilter devices, NameFilter devicesWithFiles) {
        this.devices = devices;
        this.devicesWithFiles = devicesWithFiles;
    }

    @Override
    public String name() {
        return "netdev";
    }

    @Override
    public void collect(NodeScrape scrape, SampleSet samples) throws IOException {
        KernelText text = scrape.text();
        FamilySamples[] columns = new FamilySamples[COLUMNS.size()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = samples.family(COLUMNS.get(i));
        }
        labels.begin();
        text.read(scrape.net("dev"));
        text.line();
        if (!text.line()) {
            throw new KernelFormatException("the table of interfaces has no headlines");
        }
        double[] values = new double[columns.length];
        while (text.line()) {
            text.field(':');
            String device = text.text().strip();
            if (devices.takes(device)) {
                read(text, device, values);
                Labels of = labels.of(device);
                for (int i = 0; i < columns.length; i++) {
                    columns[i].add(of, values[i]);
                }
            }
        }
        noHandler(scrape, columns[0], samples);
    }

    private static void read(KernelText text, String device, double[] values)
            throws KernelFormatException {
        // Old kernels leave no space between the colon and a number of many digits.
        text.pass();
        for (int i = 0; i < values.length; i++) {
            if (!text.field()) {
                throw new KernelFormatException("the counters of " + device + " are incomplete");
            }
            values[i] = text.unsigned();
        }
    }

    private void noHandler(NodeScrape scrape, FamilySamples found, SampleSet samples)
            throws KernelFormatException {
        Path net = scrape.sys("class/net");
        for (int i = 0; i < found.size(); i++) {
            String device = found.subject(i).all().getFirst().value();
            if (devicesWithFiles.takes(device)) {
                Attributes attributes = new Attributes(net.resolve(device), scrape.text());
                if (attributes.read("statistics/rx_nohandler")) {
                    samples.family(NO_HANDLER).add(found.subject(i), scrape.text().unsigned());
                }
            }
        }
    }
}
