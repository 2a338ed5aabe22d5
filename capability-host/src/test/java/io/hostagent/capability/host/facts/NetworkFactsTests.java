// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.facts;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.core.fixture.RecordedHost;
import io.hostagent.core.json.JsonTree;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkFactsTests {

    private static final String CONTAINER =
            "1 0 0:61 / / rw - overlay overlay rw\n2 1 8:1 /h /etc/hosts rw - ext4 /dev/sda1 rw\n";

    @TempDir private Path folder = Path.of("");

    @Test
    void tellOfTheNetworkOfTheHostsFirstProcess() {
        RecordedHost host =
                RecordedHost.in(folder)
                        .with("microvm.tree")
                        .copy("proc/1/net/dev", "facts/microvm.dev")
                        .copy("proc/1/net/if_inet6", "facts/microvm.if_inet6")
                        .copy("proc/1/net/fib_trie", "facts/microvm.fib_trie")
                        .copy("proc/1/net/route", "facts/microvm.route");

        List<?> items = JsonTree.list(NetworkFacts.read(host.files()).json(), "items");

        assertThat(items)
                .extracting(item -> JsonTree.text(item, "name"))
                .startsWith("lo", "ifb0", "ifb1", "eth0");
        Object eth0 = items.get(3);
        assertThat(JsonTree.text(eth0, "hardwareAddress")).isEqualTo("02:fc:00:00:00:01");
        assertThat(JsonTree.text(eth0, "state")).isEqualTo("up");
        assertThat(JsonTree.text(eth0, "driver")).isEqualTo("virtio_net");
        assertThat(JsonTree.number(eth0, "mtuBytes")).isEqualTo(1400);
        assertThat(JsonTree.flag(eth0, "physical")).isTrue();
        // The kernel says -1 for it.
        assertThat(JsonTree.at(eth0, "speedBitsPerSecond")).isNull();
        assertThat(JsonTree.number(eth0, "receivedBytes")).isEqualTo(417988365);
        assertThat(JsonTree.number(eth0, "receivedPackets")).isEqualTo(14428);
        assertThat(JsonTree.number(eth0, "sentBytes")).isEqualTo(1088586);
        assertThat(JsonTree.list(eth0, "addresses")).contains("192.0.2.2/24");
        // Where sysfs does not show an interface nobody knows.
        assertThat(JsonTree.at(items.get(1), "physical")).isNull();
    }

    @Test
    void neverTellOfTheContainersOwn() {
        RecordedHost container =
                RecordedHost.in(folder)
                        .file("proc/self/mountinfo", CONTAINER)
                        .copy("proc/1/net/dev", "facts/microvm.dev");

        Part part = NetworkFacts.read(container.files());

        assertThat(part.values()).isEmpty();
        assertThat(part.json().get("absent")).asString().contains("-v /:/host:ro");
    }

    @Test
    void readLinesOfTheKernelAndNoOthers() {
        assertThat(
                        NetworkDevice.parse(
                                """
                                Inter-|   Receive                            |  Transmit
                                 face |bytes    packets errs drop fifo frame compressed multicast|bytes
                                eth0:1:     1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16
                                  eth1:18446744073709551615 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16
                                broken: 1 2 3
                                """))
                .containsExactly(
                        new NetworkDevice("eth0:1", 1, 2, 3, 4, 9, 10, 11, 12),
                        new NetworkDevice("eth1", -1, 2, 3, 4, 9, 10, 11, 12));
    }
}
