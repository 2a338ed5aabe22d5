// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.cluster;

/** The headers that agents understand among themselves. */
public final class PeerHeaders {

    /** Request: the node that shall answer, by its name. Portainer sends it, too. */
    public static final String TARGET = "X-PortainerAgent-Target";

    /** Request: which agent passed it on. It is never passed on again. */
    public static final String HOP = "X-HostAgent-Hop";

    /** Response: which other node answered. */
    public static final String NODE = "X-HostAgent-Node";

    /** Response: nodes that could not be asked, by name. */
    public static final String UNREACHABLE = "X-HostAgent-Unreachable";

    private PeerHeaders() {}
}
