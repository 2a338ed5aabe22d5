// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.capability.metrics.kernel.KernelText;
import io.hostagent.capability.metrics.sample.SampleSet;
import io.hostagent.core.fixture.RecordedHost;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A host with everything, written by hand, against what node_exporter 1.9.0 of Debian says about
 * the very same files: {@code appliance.prom} is its answer, without labels that have no value and
 * without the root of the files.
 */
class ApplianceTests {

    private final Map<String, Double> values = new TreeMap<>();
    private final Map<String, String> types = new TreeMap<>();
    private Collected found = new Collected(Map.of(), Map.of());

    @TempDir private Path folder;

    private static List<NodeCollector> collectors() {
        NodeSettings settings = NodeSettings.DEFAULTS;
        return List.of(
                new ArpCollector(),
                new BondingCollector(),
                new ConntrackCollector(),
                new HwmonCollector(),
                new InterruptsCollector(),
                new IpvsCollector(),
                new MdadmCollector(),
                new NetClassCollector(settings.networkClass(), Duration.ofMinutes(1)),
                new NetDevCollector(settings.networkCounters(), settings.networkClass()),
                new NetStatCollector(settings.netstatFields()),
                new NfsCollector(),
                new NfsdCollector(),
                new PowerSupplyClassCollector(),
                new ProcessesCollector(),
                new RaplCollector(),
                new SockstatCollector(4096),
                new TcpStatCollector(),
                new ThermalZoneCollector(),
                new UdpQueuesCollector());
    }

    @BeforeEach
    void collect() throws IOException {
        RecordedHost host =
                RecordedHost.in(folder)
                        .with("node/appliance-sys.tree")
                        .with("node/appliance-proc.tree");
        SampleSet samples = new SampleSet();
        for (NodeCollector collector : collectors()) {
            collector.collect(new NodeScrape(host.files(), new KernelText()), samples);
        }
        found = Collected.of(List.of(samples));
        for (String line : RecordedHost.text("node/appliance.prom").lines().toList()) {
            int space = line.lastIndexOf(' ');
            if (line.startsWith("# TYPE ")) {
                types.put(line.substring("# TYPE ".length(), space), line.substring(space + 1));
            } else {
                values.put(line.substring(0, space), Double.valueOf(line.substring(space + 1)));
            }
        }
    }

    @Test
    void findsAllThatNodeExporterFindsAndNothingElse() {
        Map<String, Double> ours = new TreeMap<>(found.values());
        // It asks the kernel by netlink for these, which cannot be recorded.
        ours.keySet().removeIf(key -> key.startsWith("node_tcp_connection_states"));
        ours.remove("node_network_receive_nohandler_total{device=\"eth0\"}");

        assertThat(ours).containsExactlyEntriesOf(values);
    }

    @Test
    void givesEachFamilyTheTypeThatNodeExporterGivesIt() {
        Map<String, String> ours = new TreeMap<>(found.types());
        ours.remove("node_tcp_connection_states");
        ours.remove("node_network_receive_nohandler_total");

        assertThat(ours).containsExactlyEntriesOf(types);
    }

    @Test
    void findsWhatNodeExporterAsksTheKernelForByNetlink() {
        assertThat(found.value("node_network_receive_nohandler_total{device=\"eth0\"}"))
                .isEqualTo(7);
        assertThat(found.values())
                .containsEntry("node_tcp_connection_states{state=\"established\"}", 1.0)
                .containsEntry("node_tcp_connection_states{state=\"listen\"}", 2.0)
                .containsEntry("node_tcp_connection_states{state=\"time_wait\"}", 1.0)
                .containsEntry("node_tcp_connection_states{state=\"unknown\"}", 1.0)
                .containsEntry("node_tcp_connection_states{state=\"rx_queued_bytes\"}", 4.0)
                .containsEntry("node_tcp_connection_states{state=\"tx_queued_bytes\"}", 42.0)
                .doesNotContainKey("node_tcp_connection_states{state=\"close\"}");
    }
}
