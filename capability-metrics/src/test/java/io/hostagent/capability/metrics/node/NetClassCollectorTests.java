// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.core.fixture.RecordedHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetClassCollectorTests {

    private static final String VETH = "sys/class/net/veth1a2b3c4/";

    @TempDir private Path folder;

    private RecordedHost host() {
        return RecordedHost.in(folder)
                .file(VETH + "ifindex", "7\n")
                .file(VETH + "operstate", "up\n")
                .file(VETH + "flags", "0x1003\n")
                .file(VETH + "carrier", "1\n")
                .file(VETH + "carrier_changes", "2\n")
                .file(VETH + "mtu", "1500\n")
                .file(VETH + "address", "02:42:ac:11:00:02\n");
    }

    private static NetClassCollector collector(Duration kept) {
        return new NetClassCollector(NameFilter.ALL, kept);
    }

    @Test
    void keepsForAWhileWhatSeldomChanges() throws IOException {
        NetClassCollector collector = collector(Duration.ofHours(1));
        RecordedHost host = host();
        Collected.by(collector, host.files());

        host.file(VETH + "mtu", "9000\n");

        assertThat(Collected.by(collector, host.files()).values())
                .containsEntry("node_network_mtu_bytes{device=\"veth1a2b3c4\"}", 1500.0);
    }

    @Test
    void readsEverythingAgainAfterThatWhile() throws IOException {
        NetClassCollector collector = collector(Duration.ZERO);
        RecordedHost host = host();
        Collected.by(collector, host.files());

        host.file(VETH + "mtu", "9000\n");

        assertThat(Collected.by(collector, host.files()).values())
                .containsEntry("node_network_mtu_bytes{device=\"veth1a2b3c4\"}", 9000.0);
    }

    @Test
    void readsEverythingAgainWhenTheLinkChanges() throws IOException {
        NetClassCollector collector = collector(Duration.ofHours(1));
        RecordedHost host = host();
        Collected.by(collector, host.files());

        host.file(VETH + "mtu", "9000\n")
                .file(VETH + "operstate", "down\n")
                .file(VETH + "carrier", "0\n")
                .file(VETH + "carrier_changes", "3\n");
        Collected down = Collected.by(collector, host.files());

        assertThat(down.values())
                .containsEntry("node_network_up{device=\"veth1a2b3c4\"}", 0.0)
                .containsEntry("node_network_carrier{device=\"veth1a2b3c4\"}", 0.0)
                .containsEntry("node_network_carrier_changes_total{device=\"veth1a2b3c4\"}", 3.0)
                .containsEntry("node_network_mtu_bytes{device=\"veth1a2b3c4\"}", 9000.0);
        assertThat(down.key("node_network_info"))
                .contains(
                        "operstate=\"down\"", "adminstate=\"up\"", "address=\"02:42:ac:11:00:02\"");
    }

    @Test
    void seesAFlagAtOnce() throws IOException {
        NetClassCollector collector = collector(Duration.ofHours(1));
        RecordedHost host = host();
        Collected.by(collector, host.files());

        host.file(VETH + "flags", "0x1002\n");
        Collected down = Collected.by(collector, host.files());

        assertThat(down.value("node_network_flags{device=\"veth1a2b3c4\"}")).isEqualTo(0x1002);
        assertThat(down.key("node_network_info")).contains("adminstate=\"down\"");
    }

    @Test
    void knowsAnotherInterfaceOfTheSameName() throws IOException {
        NetClassCollector collector = collector(Duration.ofHours(1));
        RecordedHost host = host();
        Collected.by(collector, host.files());

        host.file(VETH + "ifindex", "8\n").file(VETH + "mtu", "1400\n");

        assertThat(Collected.by(collector, host.files()).values())
                .containsEntry("node_network_iface_id{device=\"veth1a2b3c4\"}", 8.0)
                .containsEntry("node_network_mtu_bytes{device=\"veth1a2b3c4\"}", 1400.0);
    }

    @Test
    void readsHardwareEachTime() throws IOException {
        NetClassCollector collector = collector(Duration.ofHours(1));
        RecordedHost host = host().folder(VETH + "device");
        Collected.by(collector, host.files());

        host.file(VETH + "mtu", "9000\n");

        assertThat(Collected.by(collector, host.files()).values())
                .containsEntry("node_network_mtu_bytes{device=\"veth1a2b3c4\"}", 9000.0);
    }

    @Test
    void forgetsAnInterfaceThatIsGone() throws IOException {
        NetClassCollector collector = collector(Duration.ofHours(1));
        RecordedHost host = host();
        Collected.by(collector, host.files());

        Files.delete(host.root().resolve(VETH + "ifindex"));

        assertThat(Collected.by(collector, host.files()).values()).isEmpty();
    }

    @Test
    void opensNothingOfInterfacesThatAreNotWanted() throws IOException {
        RecordedHost host = host().file(VETH + "ifindex", "nonsense\n");

        assertThat(
                        Collected.by(
                                        new NetClassCollector(
                                                NameFilter.allBut("^veth"), Duration.ZERO),
                                        host.files())
                                .values())
                .isEmpty();
    }

    @Test
    void leavesOutTheLinksOfContainersUnlessTold() {
        NameFilter usual = NodeSettings.DEFAULTS.networkClass();

        assertThat(usual.takes("veth1a2b3c4")).isFalse();
        assertThat(usual.takes("veth0")).isFalse();
        assertThat(usual.takes("veth-to-the-lab")).isTrue();
        assertThat(usual.takes("eth0")).isTrue();
    }
}
