// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.kernel.KernelFormatException;
import io.hostagent.capability.metrics.kernel.KernelText;
import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.SampleSet;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What memory is used for, from {@code /proc/meminfo}: a family for each of its lines. */
final class MeminfoCollector implements NodeCollector {

    private static final int KIB = 1024;

    private final KeyedFamilies ofBytes = new KeyedFamilies(key -> family(key, "_bytes"));
    private final KeyedFamilies ofPages = new KeyedFamilies(key -> family(key, ""));

    @Override
    public String name() {
        return "meminfo";
    }

    @Override
    public void collect(NodeScrape scrape, SampleSet samples) throws IOException {
        KernelText text = scrape.read(scrape.proc("meminfo"));
        while (text.line()) {
            if (!text.field()) {
                continue;
            }
            // The key is looked for when it is known whether a unit stands at the end of the line.
            if (!text.skip(1)) {
                throw new KernelFormatException("/proc/meminfo has a line without a number");
            }
            double value = text.unsigned();
            boolean inKib = text.field() && text.is("kB");
            text.again();
            text.field();
            Family family = (inKib ? ofBytes : ofPages).of(text);
            if (family != null) {
                samples.family(family).add(inKib ? value * KIB : value);
            }
        }
    }

    /** {@code Active(anon):} becomes {@code node_memory_Active_anon_bytes}. */
    private static @Nullable Family family(String key, String unit) {
        String name = key.replace(":", "").replace('(', '_').replace(")", "");
        return name.isEmpty()
                ? null
                : Family.gauge(
                        "node_memory_" + name + unit,
                        "Line " + name + " of /proc/meminfo" + in(unit));
    }

    private static String in(String unit) {
        return unit.isEmpty() ? "." : ", in bytes.";
    }
}
