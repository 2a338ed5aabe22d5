// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.cluster;

/**
 * Where an agent listens.
 *
 * @param host an IP address, without brackets even if it has colons
 * @param port TCP, 1 to 65535
 */
public record PeerAddress(String host, int port) {

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
