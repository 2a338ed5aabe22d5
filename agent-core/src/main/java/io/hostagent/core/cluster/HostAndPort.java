// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.cluster;

/** An address as Docker writes it: {@code 10.0.0.1:2377} or {@code [fd00::1]:2377}. */
final class HostAndPort {

    private HostAndPort() {}

    /** What stands before the port, without brackets. */
    static String host(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? text : text.substring(0, colon);
        return host.startsWith("[") && host.endsWith("]")
                ? host.substring(1, host.length() - 1)
                : host;
    }
}
