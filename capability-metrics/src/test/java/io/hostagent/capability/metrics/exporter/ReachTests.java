// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import io.hostagent.capability.metrics.discovery.EngineNetwork;
import io.hostagent.core.docker.ContainerDetails.Network;
import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReachTests {

    private static final Map<String, EngineNetwork> NETWORKS =
            Map.of(
                    "b", network("b", "bridge"),
                    "o", network("o", "overlay"),
                    "m", network("m", "macvlan"));

    private static final List<Network> ALL =
            List.of(
                    new Network("b", "a-bridge", "172.17.0.2"),
                    new Network("m", "lan", "192.168.1.1"),
                    new Network("o", "mesh", "10.0.1.2"),
                    new Network("x", "unknown", "10.9.9.9"));

    private static EngineNetwork network(String id, String driver) {
        return new EngineNetwork(
                id,
                id,
                driver,
                "local",
                false,
                false,
                Map.of(),
                List.of(new IpSubnetFilterRule("172.17.0.0/16", IpFilterRuleType.ACCEPT)));
    }

    private static Reach reach(String... own) {
        return new Reach(Set.of(own), to -> Optional.of(address("172.17.0.1")));
    }

    private static InetAddress address(String text) {
        return InetAddress.ofLiteral(text);
    }

    @Test
    void isABridgeOfThisHostOrANetworkOfTheAgentsOwn() {
        assertThat(reach().addresses(ALL, NETWORKS)).containsExactly("172.17.0.2");
        assertThat(reach("o").addresses(ALL, NETWORKS)).containsExactly("10.0.1.2", "172.17.0.2");
        assertThat(reach("m", "x").addresses(ALL, NETWORKS))
                .containsExactly("192.168.1.1", "10.9.9.9", "172.17.0.2");
    }

    @Test
    void isNoBridgeInWhichThisMachineHasNoAddress() {
        assertThat(
                        new Reach(Set.of(), to -> Optional.of(address("192.168.7.4")))
                                .addresses(ALL, NETWORKS))
                .isEmpty();
        assertThat(new Reach(Set.of(), to -> Optional.empty()).addresses(ALL, NETWORKS)).isEmpty();
    }

    @Test
    void asksTheKernelWhereItWouldSendTo() {
        assertThat(Routes.ofTheKernel(address("127.0.0.9"))).contains(address("127.0.0.1"));
        assertThat(Routes.ofTheKernel(address("::1"))).contains(address("::1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.9.9.9",
                "::1",
                "0.0.0.0",
                "0.1.2.3",
                "::",
                "169.254.169.254",
                "169.254.0.1",
                "fe80::1",
                "::ffff:169.254.169.254",
                "::ffff:127.0.0.1",
                "224.0.0.1",
                "ff02::1",
                "100.100.100.200",
                "fd00:ec2::254",
                "localhost",
                "metadata.google.internal",
                ""
            })
    void isNeverTheHostOrWhatCloudsKeepForTheirMachines(String address) {
        Network network = new Network("b", "a-bridge", address);
        assertThat(reach("b").addresses(List.of(network), NETWORKS)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"172.17.0.2", "10.0.0.1", "fd00::2", "2001:db8::1", "8.8.8.8"})
    void isAnyAddressThatAContainerCanHave(String address) {
        assertThat(Reach.isOfOneContainer(address)).isTrue();
    }
}
