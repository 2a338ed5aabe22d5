// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.node;

import io.hostagent.capability.metrics.kernel.KernelFormatException;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;

/**
 * An address and a port, as the kernel's load balancer writes them: {@code C0A80016:0CEA}, or
 * {@code [2620:0000:…]:0050}.
 */
record IpvsEndpoint(String address, int port) {

    /** Nowhere. */
    static final IpvsEndpoint NONE = new IpvsEndpoint("", 0);

    private static final int HEXADECIMAL = 16;

    /** Reads one. */
    static IpvsEndpoint of(String text) throws KernelFormatException {
        int colon = text.lastIndexOf(':');
        try {
            String address = text.substring(0, colon).replaceAll("[\\[\\]:]", "");
            return new IpvsEndpoint(
                    NetUtil.toAddressString(
                            InetAddress.getByAddress(HexFormat.of().parseHex(address))),
                    Integer.parseInt(text.substring(colon + 1), HEXADECIMAL));
        } catch (IllegalArgumentException
                | StringIndexOutOfBoundsException
                | UnknownHostException e) {
            throw new KernelFormatException("'" + text + "' is no address with a port");
        }
    }
}
