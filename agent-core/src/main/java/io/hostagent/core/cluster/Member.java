// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.cluster;

/**
 * An agent that answers.
 *
 * @param address where it was asked; of this agent itself, where the others find it
 * @param self whether it is this agent
 */
public record Member(NodeIdentity identity, PeerAddress address, boolean self) {

    public String nodeName() {
        return identity.nodeName();
    }

    public boolean manager() {
        return identity.role() == Role.MANAGER;
    }
}
