// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.kernel.KernelFormatException;
import io.hostagent.capability.metrics.kernel.KernelText;
import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.SampleSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How many links each bond has, and how many of them are up, from {@code /sys/class/net}: {@code
 * bonding_masters} lists the bonds, and each has a list of its own.
 */
final class BondingCollector implements NodeCollector {

    private static final Family SLAVES =
            Family.gauge("node_bonding_slaves", "Interfaces that a bond is made of.");
    private static final Family ACTIVE =
            Family.gauge("node_bonding_active", "Interfaces of a bond whose link is up.");

    @Override
    public String name() {
        return "bonding";
    }

    @Override
    public void collect(NodeScrape scrape, SampleSet samples) throws IOException {
        KernelText text = scrape.text();
        Path net = scrape.sys("class/net");
        scrape.optional(net.resolve("bonding_masters"), "no bonding");
        for (String master : words(text)) {
            text.read(net.resolve(master).resolve("bonding/slaves"));
            List<String> slaves = words(text);
            int active = 0;
            for (String slave : slaves) {
                if (isUp(net.resolve(master), slave, text)) {
                    active++;
                }
            }
            Labels labels = Labels.of("master", master);
            samples.family(SLAVES).add(labels, slaves.size());
            samples.family(ACTIVE).add(labels, active);
        }
    }

    private static boolean isUp(Path master, String slave, KernelText text)
            throws KernelFormatException {
        // Kernels before 3.9 name the links otherwise.
        Attributes lower = new Attributes(master.resolve("lower_" + slave), text);
        Attributes older = new Attributes(master.resolve("slave_" + slave), text);
        String status = "bonding_slave/mii_status";
        if (!lower.read(status) && !older.read(status)) {
            throw new KernelFormatException(
                    "the bond " + master.getFileName() + " does not tell the state of " + slave);
        }
        return text.is("up");
    }

    private static List<String> words(KernelText text) {
        List<String> words = new ArrayList<>();
        while (text.line()) {
            while (text.field()) {
                words.add(text.text());
            }
        }
        return words;
    }
}
