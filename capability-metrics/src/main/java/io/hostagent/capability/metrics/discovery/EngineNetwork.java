// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.discovery;

import io.netty.handler.ipfilter.IpSubnetFilterRule;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;

/**
 * A network of this host's engine, as {@code GET /networks} lists it.
 *
 * @param driver such as {@code bridge}, {@code overlay} or {@code macvlan}
 * @param scope {@code local} or {@code swarm}
 * @param internal whether nothing outside can be reached from it
 * @param ingress whether it is the one of a Swarm's published ports
 * @param subnets its addresses, such as {@code 172.17.0.0/16}
 */
public record EngineNetwork(
        String id,
        String name,
        String driver,
        String scope,
        boolean internal,
        boolean ingress,
        Map<String, String> labels,
        List<IpSubnetFilterRule> subnets) {

    public EngineNetwork {
        labels = Map.copyOf(labels);
        subnets = List.copyOf(subnets);
    }

    /** Whether it lies on the host of the engine alone, which has an address of its own in it. */
    public boolean isBridge() {
        return driver.equals("bridge");
    }

    /** Whether an address is one of it. */
    public boolean has(InetAddress address) {
        InetSocketAddress any = new InetSocketAddress(address, 0);
        return subnets.stream().anyMatch(subnet -> subnet.matches(any));
    }
}
