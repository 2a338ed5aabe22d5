// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.exporter;

import io.hostagent.capability.metrics.discovery.EngineNetwork;
import io.hostagent.core.docker.ContainerDetails.Network;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which addresses of a container this agent may connect to: those where nobody else can be.
 *
 * @param own IDs of the networks that the agent's own container is in; none on the host itself
 * @param routes where packets would leave this machine
 */
record Reach(Set<String> own, Routes routes) {

    /** Where clouds tell their machines secrets; beside these all link-local addresses are out. */
    private static final List<byte[]> METADATA =
            List.of(address("100.100.100.200"), address("fd00:ec2::254"), address("fd20:ce::254"));

    Reach {
        own = Set.copyOf(own);
    }

    /**
     * The addresses to be tried, the best one first. An address in a network that this host is not
     * in would be looked for outside, where something else may have it.
     *
     * @param known the engine's networks by their IDs
     */
    List<String> addresses(List<Network> networks, Map<String, EngineNetwork> known) {
        return networks.stream()
                .filter(network -> own.contains(network.id()) || isBridgeHere(known, network))
                .sorted(Comparator.comparing((Network network) -> !own.contains(network.id())))
                .map(Network::address)
                .filter(Reach::isOfOneContainer)
                .toList();
    }

    /**
     * Whether this machine has an address of its own in a bridge network. An engine with a network
     * of its own, as a rootless one, one in a container or one elsewhere, has its bridges there.
     */
    private boolean isBridgeHere(Map<String, EngineNetwork> known, Network network) {
        EngineNetwork found = known.get(network.id());
        byte[] address = NetUtil.createByteArrayFromIpAddressString(network.address());
        return found != null
                && found.isBridge()
                && address != null
                && routes.from(parse(address)).filter(found::has).isPresent();
    }

    /** Whether an address can be that of a container; a name never is. */
    static boolean isOfOneContainer(String text) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
        if (bytes == null) {
            return false;
        }
        InetAddress address = parse(bytes);
        return !address.isLoopbackAddress()
                && !address.isAnyLocalAddress()
                && !address.isLinkLocalAddress()
                && !address.isMulticastAddress()
                && bytes[0] != 0
                && METADATA.stream()
                        .noneMatch(secret -> Arrays.equals(secret, address.getAddress()));
    }

    /** An IPv4 address within an IPv6 one comes out as what it is. */
    private static InetAddress parse(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("An address of " + bytes.length + " bytes", e);
        }
    }

    private static byte[] address(String text) {
        return parse(NetUtil.createByteArrayFromIpAddressString(text)).getAddress();
    }
}
