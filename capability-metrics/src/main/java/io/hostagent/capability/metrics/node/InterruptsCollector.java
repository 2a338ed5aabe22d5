// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.kernel.KernelFormatException;
import io.hostagent.capability.metrics.kernel.KernelText;
import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.FamilySamples;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.SampleSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * How often each processor was interrupted by what, from {@code /proc/interrupts}: a column for
 * each processor, and behind them what it is. These are many series: off unless asked for.
 */
final class InterruptsCollector implements NodeCollector {

    private static final Family INTERRUPTS =
            Family.counter("node_interrupts_total", "Interrupts, by processor and by what it is.");

    @Override
    public String name() {
        return "interrupts";
    }

    @Override
    public void collect(NodeScrape scrape, SampleSet samples) throws IOException {
        KernelText text = scrape.text();
        text.read(scrape.proc("interrupts"));
        List<Labels> processors = processors(text);
        FamilySamples family = samples.family(INTERRUPTS);
        double[] counts = new double[processors.size()];
        while (text.line()) {
            text.field(':');
            String name = text.text().strip();
            text.pass();
            // Errors are counted for all processors together and say nothing about themselves.
            if (read(counts, text) && text.field()) {
                Labels about = about(name, text);
                for (int i = 0; i < counts.length; i++) {
                    family.add(processors.get(i), about, counts[i]);
                }
            }
        }
    }

    /** Those that are switched off have no column, so their numbers are not 0, 1 and so on. */
    private static List<Labels> processors(KernelText text) throws KernelFormatException {
        List<Labels> processors = new ArrayList<>();
        text.line();
        while (text.field()) {
            processors.add(Labels.of("cpu", text.text().replace("CPU", "")));
        }
        if (processors.isEmpty()) {
            throw new KernelFormatException("the table of interrupts names no processor");
        }
        return processors;
    }

    private static boolean read(double[] counts, KernelText text) throws KernelFormatException {
        for (int i = 0; i < counts.length; i++) {
            if (!text.field()) {
                return false;
            }
            counts[i] = text.unsigned();
        }
        return true;
    }

    /** A numbered one has a controller and devices, one with a name only a description. */
    private static Labels about(String name, KernelText text) {
        Labels type = Labels.of("type", name);
        if (!name.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return type.and("info", words(text));
        }
        String controller = text.text();
        Labels labels = type.and("info", controller);
        return text.field() ? labels.and("devices", words(text)) : labels;
    }

    private static String words(KernelText text) {
        return String.join(" ", text.rest().strip().split("\\s+", -1));
    }
}
