// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.Labels;
import io.hostagent.capability.metrics.sample.SampleSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The energy that parts of the processor have taken, from {@code /sys/class/powercap}. Only root
 * may read the counters, since they give away what a processor works on.
 */
final class RaplCollector implements NodeCollector {

    /** Where it is on the host, wherever the agent sees it. */
    private static final String FOLDER = "/sys/class/powercap/";

    private static final Pattern NUMBERED = Pattern.compile("([^-]*)-(\\d{1,9})");
    private static final Pattern NO_NAME = Pattern.compile("[^a-zA-Z0-9_:]");
    private static final double MICRO = 1_000_000;

    @Override
    public String name() {
        return "rapl";
    }

    @Override
    public void collect(NodeScrape scrape, SampleSet samples) throws IOException {
        Path folder = scrape.sys("class/powercap");
        String[] zones = OptionalFile.names(folder, "the processor does not count energy");
        Arrays.sort(zones);
        Map<String, Integer> next = new HashMap<>();
        for (String zone : zones) {
            Attributes attributes = new Attributes(folder.resolve(zone), scrape.text());
            String name = attributes.text("name");
            // Two sockets have a package-0 and a package-1, but each of them just a dram.
            if (name != null && attributes.number("max_energy_range_uj") != null) {
                Matcher numbered = NUMBERED.matcher(name);
                boolean hasNumber = numbered.matches();
                String kind = hasNumber ? numbered.group(1) : name;
                int index =
                        hasNumber
                                ? Integer.parseInt(numbered.group(2))
                                : next.getOrDefault(kind, 0);
                next.put(kind, index + 1);
                if (!attributes.read("energy_uj")) {
                    throw new NoDataException("the energy of " + name + " is not to be read");
                }
                double joules = scrape.text().unsigned() / MICRO;
                samples.family(family(kind))
                        .add(
                                Labels.of("index", Integer.toString(index), "path", FOLDER + zone),
                                joules);
            }
        }
    }

    private static Family family(String kind) {
        return Family.counter(
                "node_rapl_" + NO_NAME.matcher(kind).replaceAll("_") + "_joules_total",
                "Joules that a " + kind + " has taken.");
    }
}
