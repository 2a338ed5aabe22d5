// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.sample.Family;
import io.hostagent.capability.metrics.sample.FamilySamples;
import io.hostagent.capability.metrics.sample.SampleSet;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the host's network interfaces are, from {@code /sys/class/net}. A host has one for each
 * container, which is what makes this the dearest part of node_exporter; {@link NetworkInterface}
 * says what is done about it.
 */
final class NetClassCollector implements NodeCollector {

    private static final Family UP =
            Family.gauge("node_network_up", "Whether packets can pass, 1 or 0.");
    private static final Family INFO =
            Family.gauge("node_network_info", "What an interface is, in words; always 1.");

    private static final long BYTES_PER_MEGABIT = 1000 * 1000 / 8;

    private final NameFilter devices;
    private final long keptNanos;
    private Map<String, NetworkInterface> interfaces = new HashMap<>();
    private Map<String, NetworkInterface> before = new HashMap<>();

    /**
     * Takes the interfaces that are wanted.
     *
     * @param kept how old the numbers of an interface without hardware may be that seldom change
     */
    NetClassCollector(NameFilter devices, Duration kept) {
        this.devices = devices;
        keptNanos = kept.toNanos();
    }

    @Override
    public String name() {
        return "netclass";
    }

    @Override
    public void collect(NodeScrape scrape, SampleSet samples) throws IOException {
        Path net = scrape.sys("class/net");
        String[] names = OptionalFile.names(net, "no network interfaces in sysfs");
        Arrays.sort(names);
        swap();
        for (String name : names) {
            if (devices.takes(name)) {
                NetworkInterface found =
                        NetworkInterface.read(
                                net, scrape.text(), before.get(name), name, keptNanos);
                if (found != null) {
                    interfaces.put(name, found);
                    tell(found, samples);
                }
            }
        }
    }

    /** What was read in the former scrape is kept, and what was not is forgotten. */
    private void swap() {
        Map<String, NetworkInterface> oldest = before;
        before = interfaces;
        oldest.clear();
        interfaces = oldest;
    }

    private static void tell(NetworkInterface found, SampleSet samples) {
        samples.family(UP).add(found.device(), found.up() ? 1 : 0);
        samples.family(INFO).add(found.info(), 1);
        for (int i = 0; i < NetworkProperty.ALL.size(); i++) {
            NetworkProperty property = NetworkProperty.ALL.get(i);
            @Nullable Long value = found.value(i);
            if (value != null) {
                FamilySamples family = samples.family(property.family());
                boolean speed = property.file().equals(NetworkProperty.SPEED);
                family.add(found.device(), (double) (speed ? value * BYTES_PER_MEGABIT : value));
            }
        }
    }
}
