// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.exporter;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.util.Optional;

/** How this machine sends packets to an address. */
@FunctionalInterface
interface Routes {

    /** The address of this machine that they would have as their source; empty: it sends none. */
    Optional<InetAddress> from(InetAddress to);

    /**
     * Those of the kernel. It is asked by connecting a socket for datagrams, which sends nothing.
     */
    static Optional<InetAddress> ofTheKernel(InetAddress to) {
        StandardProtocolFamily family =
                to instanceof Inet4Address
                        ? StandardProtocolFamily.INET
                        : StandardProtocolFamily.INET6;
        try (DatagramChannel socket = DatagramChannel.open(family)) {
            socket.connect(new InetSocketAddress(to, 9));
            return Optional.of(((InetSocketAddress) socket.getLocalAddress()).getAddress());
        } catch (IOException | UnsupportedOperationException _) {
            return Optional.empty(); // There is no way to it, or no IPv6 at all.
        }
    }
}
