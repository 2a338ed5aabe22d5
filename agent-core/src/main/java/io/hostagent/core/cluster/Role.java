// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.cluster;

import java.util.Locale;

/** What a node is in its Swarm; outside of one it is a worker. */
public enum Role {
    /** It takes a manager's requests. */
    MANAGER,
    WORKER;

    /** As Docker and Portainer spell it: {@code manager}, {@code worker}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The role that is spelled so; a worker for any other word. */
    public static Role of(String word) {
        return word.equals(MANAGER.word()) ? MANAGER : WORKER;
    }
}
