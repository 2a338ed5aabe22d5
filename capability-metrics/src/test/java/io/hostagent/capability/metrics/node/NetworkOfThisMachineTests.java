// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.capability.metrics.kernel.KernelText;
import io.hostagent.capability.metrics.sample.SampleSet;
import io.hostagent.core.host.HostRoot;
import io.hostagent.core.kernel.HostFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The machine that runs the tests, against what Java and plain files tell of it. */
class NetworkOfThisMachineTests {

    private final HostFiles files = HostFiles.of(new HostRoot());

    private Collected by(NodeCollector... collectors) throws IOException {
        SampleSet samples = new SampleSet();
        for (NodeCollector collector : collectors) {
            collector.collect(new NodeScrape(files, new KernelText()), samples);
        }
        return Collected.of(List.of(samples));
    }

    private static String of(String family, String device) {
        return family + "{device=\"" + device + "\"}";
    }

    @Test
    void knowsTheInterfacesThatJavaKnows() throws Exception {
        Collected found = by(new NetClassCollector(NameFilter.ALL, Duration.ZERO));

        int compared = 0;
        // Others make interfaces and take them away while this runs.
        for (java.net.NetworkInterface one :
                Collections.list(java.net.NetworkInterface.getNetworkInterfaces())) {
            String device = one.getName();
            Double index = found.values().get(of("node_network_iface_id", device));
            if (index != null && index == one.getIndex()) {
                assertThat(found.value(of("node_network_mtu_bytes", device)))
                        .isEqualTo(one.getMTU());
                compared++;
            }
        }
        assertThat(compared).isPositive();
        assertThat((long) found.value(of("node_network_flags", "lo")) & 1).isEqualTo(1);
        assertThat(found.value(of("node_network_protocol_type", "lo"))).isEqualTo(772);
    }

    @Test
    void countsBytesAsSysfsDoes() throws IOException {
        long before = statistic("lo", "rx_bytes");
        Collected found = by(new NetDevCollector(NameFilter.ALL, NameFilter.ALL));
        long after = statistic("lo", "rx_bytes");

        assertThat(found.value(of("node_network_receive_bytes_total", "lo")))
                .isBetween((double) before, (double) after);
        assertThat(found.value(of("node_network_receive_nohandler_total", "lo"))).isZero();
    }

    private static long statistic(String device, String name) throws IOException {
        return Long.parseLong(
                Files.readString(Path.of("/sys/class/net", device, "statistics", name)).strip());
    }

    @Test
    void findsASocketThatListens() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(socket.getLocalPort()).isPositive();
            Collected found =
                    by(new TcpStatCollector(), new SockstatCollector(PageSize.ofThisMachine()));

            assertThat(found.value("node_tcp_connection_states{state=\"listen\"}"))
                    .isGreaterThanOrEqualTo(1);
            assertThat(found.value("node_sockstat_sockets_used")).isGreaterThanOrEqualTo(1);
            assertThat(found.value("node_sockstat_TCP_mem_bytes"))
                    .isEqualTo(found.value("node_sockstat_TCP_mem") * PageSize.ofThisMachine());
        }
    }

    @Test
    void countsSegmentsAsTheKernelDoes() throws IOException {
        double before = snmp("Tcp:", "OutSegs");
        Collected found = by(new NetStatCollector(NodeSettings.DEFAULTS.netstatFields()));
        double after = snmp("Tcp:", "OutSegs");

        assertThat(found.value("node_netstat_Tcp_OutSegs")).isBetween(before, after);
        assertThat(found.names()).contains("node_netstat_IpExt_InOctets").hasSizeLessThan(80);
    }

    private static double snmp(String protocol, String name) throws IOException {
        List<String[]> lines =
                Files.readAllLines(Path.of("/proc/net/snmp")).stream()
                        .map(line -> line.split(" "))
                        .filter(words -> words[0].equals(protocol))
                        .toList();
        return Double.parseDouble(lines.get(1)[List.of(lines.get(0)).indexOf(name)]);
    }

    @Test
    void countsProcessesAsJavaDoes() throws IOException {
        double before = ProcessHandle.allProcesses().count();
        Collected found = by(new ProcessesCollector());

        assertThat(found.value("node_processes_pids")).isBetween(before * 0.5, before * 2 + 50);
        assertThat(found.value("node_processes_threads"))
                .isGreaterThan(found.value("node_processes_pids"));
        double states =
                found.values().entrySet().stream()
                        .filter(entry -> entry.getKey().startsWith("node_processes_state{"))
                        .mapToDouble(Map.Entry::getValue)
                        .sum();
        assertThat(states).isEqualTo(found.value("node_processes_pids"));
    }

    @Test
    void countsInterruptsOfEachProcessor() throws IOException {
        Collected found = by(new InterruptsCollector());

        assertThat(found.values().keySet())
                .anyMatch(key -> key.contains("cpu=\"0\"") && key.contains("type=\"LOC\""));
    }

    @Test
    void countsTheNeighboursThatTheKernelLists() throws IOException {
        Collected found = by(new ArpCollector());

        double entries = found.values().values().stream().mapToDouble(value -> value).sum();
        assertThat(entries)
                .isBetween(0.0, Files.readAllLines(Path.of("/proc/net/arp")).size() + 5.0);
    }
}
