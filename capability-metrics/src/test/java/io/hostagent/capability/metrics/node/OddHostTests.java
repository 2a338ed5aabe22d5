// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hostagent.capability.metrics.kernel.KernelFormatException;
import io.hostagent.core.fixture.RecordedHost;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Hosts that have nothing of what a collector looks for, and hosts that talk nonsense. */
class OddHostTests {

    @TempDir private Path folder;

    private static Stream<NodeCollector> optional() {
        return Stream.of(
                new BondingCollector(),
                new ConntrackCollector(),
                new HwmonCollector(),
                new IpvsCollector(),
                new MdadmCollector(),
                new NetClassCollector(NameFilter.ALL, Duration.ZERO),
                new NfsCollector(),
                new NfsdCollector(),
                new PowerSupplyClassCollector(),
                new RaplCollector(),
                new SystemdCollector(NameFilter.ALL, Duration.ofSeconds(1)),
                new ThermalZoneCollector(),
                new UdpQueuesCollector());
    }

    private static Stream<NodeCollector> everywhere() {
        return Stream.of(
                new ArpCollector(),
                new InterruptsCollector(),
                new NetDevCollector(NameFilter.ALL, NameFilter.ALL),
                new NetStatCollector(NameFilter.ALL),
                new ProcessesCollector(),
                new TcpStatCollector());
    }

    @ParameterizedTest
    @MethodSource("optional")
    void saysThatThereIsNoneOfWhatOnlySomeHostsHave(NodeCollector collector) {
        RecordedHost host = RecordedHost.in(folder);

        assertThatThrownBy(() -> Collected.by(collector, host.files()))
                .isInstanceOf(NoDataException.class);
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void failsWithoutWhatEveryHostHas(NodeCollector collector) {
        RecordedHost host = RecordedHost.in(folder);

        assertThatThrownBy(() -> Collected.by(collector, host.files()))
                .isInstanceOf(FileNotFoundException.class);
    }

    @Test
    void tellsNothingOfProtocolsThatTheKernelDoesNotHave() throws IOException {
        RecordedHost host = RecordedHost.in(folder);

        assertThat(Collected.by(new SockstatCollector(4096), host.files()).values()).isEmpty();
    }

    private static Stream<Arguments> nonsense() {
        String head = "headline\n";
        return Stream.of(
                Arguments.of(new ArpCollector(), "proc/1/net/arp", head + "1.2.3.4 0x1 0x2\n"),
                Arguments.of(
                        new ConntrackCollector(), "proc/1/net/stat/nf_conntrack", head + "1 2"),
                Arguments.of(
                        new ConntrackCollector(),
                        "proc/1/net/stat/nf_conntrack",
                        head + "x 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0"),
                Arguments.of(new InterruptsCollector(), "proc/interrupts", ""),
                Arguments.of(
                        new InterruptsCollector(), "proc/interrupts", "   CPU0 CPU1\n 1: x 1 a\n"),
                Arguments.of(new MdadmCollector(), "proc/mdstat", "md0 : active raid1 sda1[0]\n"),
                Arguments.of(
                        new MdadmCollector(),
                        "proc/mdstat",
                        "md0 : active raid1 sda1[0]\n      many blocks [2/1] [_U]\n"),
                Arguments.of(
                        new MdadmCollector(),
                        "proc/mdstat",
                        "md0 : active raid1 sda1[0]\n      10 blocks super 1.2\n"),
                Arguments.of(
                        new MdadmCollector(),
                        "proc/mdstat",
                        "md0 : active raid1 sda1[0]\n      10 blocks [2/1] [_U]\n      recovery\n"),
                Arguments.of(netDev(), "proc/1/net/dev", head),
                Arguments.of(netDev(), "proc/1/net/dev", head + head + "eth0: 1 2 3\n"),
                Arguments.of(netDev(), "proc/1/net/dev", head + head + "eth0: many\n"),
                Arguments.of(netStat(), "proc/1/net/netstat", "Tcp: InSegs OutSegs\nTcp: 1\n"),
                Arguments.of(netStat(), "proc/1/net/netstat", "Tcp: InSegs\nTcp: 1 2\n"),
                Arguments.of(netStat(), "proc/1/net/netstat", "Tcp: InSegs\nTcp: many\n"),
                Arguments.of(netStat(), "proc/1/net/netstat", "Tcp: InSegs\n"),
                Arguments.of(new NfsCollector(), "proc/1/net/rpc/nfs", "rpc 1 two 3\n"),
                Arguments.of(new SockstatCollector(1), "proc/1/net/sockstat", "TCP inuse 1\n"),
                Arguments.of(new SockstatCollector(1), "proc/1/net/sockstat", "TCP: inuse x\n"),
                Arguments.of(new TcpStatCollector(), "proc/1/net/tcp", head + " 0: 1:1 2:2\n"),
                Arguments.of(new TcpStatCollector(), "proc/1/net/tcp", head + "0: 1:1 2:2 0A 15\n"),
                Arguments.of(
                        new UdpQueuesCollector(), "proc/1/net/udp", head + "0: 1:1 2:2 0G 1:1"));
    }

    private static NodeCollector netDev() {
        return new NetDevCollector(NameFilter.ALL, NameFilter.ALL);
    }

    private static NodeCollector netStat() {
        return new NetStatCollector(NameFilter.ALL);
    }

    @ParameterizedTest
    @MethodSource("nonsense")
    void failsOnWhatMakesNoSense(NodeCollector collector, String file, String text) {
        RecordedHost host = RecordedHost.in(folder).file(file, text);

        assertThatThrownBy(() -> Collected.by(collector, host.files()))
                .isInstanceOf(KernelFormatException.class);
    }

    @Test
    void failsOnServersOfTheLoadBalancerThatHaveNoAddress() {
        RecordedHost host =
                RecordedHost.in(folder)
                        .file("proc/1/net/ip_vs_stats", "a\nb\n1 2 3 4 5\n")
                        .file(
                                "proc/1/net/ip_vs",
                                "TCP nowhere wlc\n -> C0A85216:0CEA Route 1 2 3\n");

        assertThatThrownBy(() -> Collected.by(new IpvsCollector(), host.files()))
                .isInstanceOf(KernelFormatException.class)
                .hasMessageContaining("nowhere");
    }

    @Test
    void failsOnBondsThatDoNotTellAboutALink() {
        RecordedHost host =
                RecordedHost.in(folder)
                        .file("sys/class/net/bonding_masters", "bond0\n")
                        .file("sys/class/net/bond0/bonding/slaves", "eth0\n");

        assertThatThrownBy(() -> Collected.by(new BondingCollector(), host.files()))
                .isInstanceOf(KernelFormatException.class)
                .hasMessageContaining("eth0");
    }

    @Test
    void countsTrackedConnectionsOfTheOwnNetworkWhenThatIsAllThereIs() throws IOException {
        RecordedHost host =
                RecordedHost.in(folder)
                        .file("proc/sys/net/netfilter/nf_conntrack_count", "5\n")
                        .file("proc/sys/net/netfilter/nf_conntrack_max", "9\n");

        Collected found = Collected.by(new ConntrackCollector(), host.files());

        assertThat(found.values())
                .containsOnlyKeys("node_nf_conntrack_entries", "node_nf_conntrack_entries_limit")
                .containsEntry("node_nf_conntrack_entries", 5.0);
    }

    @Test
    void readsNumbersRightBehindTheNameOfAnInterface() throws IOException {
        RecordedHost host =
                RecordedHost.in(folder)
                        .file(
                                "proc/1/net/dev",
                                "a\nb\neth0:12345678 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n");

        Collected found = Collected.by(netDev(), host.files());

        assertThat(found.value("node_network_receive_bytes_total{device=\"eth0\"}"))
                .isEqualTo(12_345_678);
        assertThat(found.value("node_network_transmit_compressed_total{device=\"eth0\"}"))
                .isEqualTo(16);
    }

    @Test
    void takesProcessesByTheirNumbersAndStatesWhateverTheyCallThemselves() throws IOException {
        RecordedHost host =
                RecordedHost.in(folder)
                        .file("proc/sys/kernel/threads-max", "100\n")
                        .file("proc/sys/kernel/pid_max", "200\n")
                        .file(
                                "proc/9/stat",
                                "9 (a) R 1\n2) Z 1 9 9 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 1 0\n")
                        .folder("proc/10")
                        .file("proc/11/stat", "");

        Collected found = Collected.by(new ProcessesCollector(), host.files());

        assertThat(found.values())
                .containsEntry("node_processes_state{state=\"Z\"}", 1.0)
                .containsEntry("node_processes_threads_state{thread_state=\"Z\"}", 1.0)
                .containsEntry("node_processes_pids", 1.0)
                .containsEntry("node_processes_max_processes", 200.0);
    }

    @Test
    void looksUpNamesOfCountersAnewWhenTheyAreOthers() throws IOException {
        NodeCollector collector = netStat();
        RecordedHost host =
                RecordedHost.in(folder)
                        .file("proc/1/net/netstat", "TcpExt: A B\nTcpExt: 1 2\n")
                        .file("proc/1/net/snmp", "Udp: In\nUdp: 3\nUdpLite: In\nUdpLite: 4\n");
        assertThat(Collected.by(collector, host.files()).values())
                .containsEntry("node_netstat_TcpExt_B", 2.0)
                .containsEntry("node_netstat_Udp_In", 3.0);

        host.file("proc/1/net/netstat", "TcpExt: B C D\nTcpExt: 1 -1 5\n")
                .file("proc/1/net/snmp", "UdpLite: In\nUdpLite: 4\nUdp: In\nUdp: 3\n");
        assertThat(Collected.by(collector, host.files()).values())
                .containsEntry("node_netstat_TcpExt_B", 1.0)
                .containsEntry("node_netstat_TcpExt_C", -1.0)
                .containsEntry("node_netstat_Udp_In", 3.0)
                .containsEntry("node_netstat_UdpLite_In", 4.0)
                .doesNotContainKey("node_netstat_TcpExt_A");
    }

    @Test
    void knowsTheSizeOfAPage() {
        assertThat(PageSize.ofThisMachine()).isIn(4096L, 16_384L, 65_536L);
        assertThat(PageSize.in(new byte[] {1, 2, 3})).isEqualTo(4096);
    }
}
