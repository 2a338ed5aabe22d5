// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.mount;

import io.hostagent.core.host.Mount;
import java.util.Optional;

/**
 * A mount of a volume.
 *
 * @param namespace that has it, as the kernel names it
 * @param pid a process in that
 * @param command of that process
 * @param container that process belongs to; empty when it is in none
 * @param isUse whether somebody uses the volume by it: not so for the agent's own mount, and for
 *     those that come and go with it
 */
public record Found(
        String namespace,
        int pid,
        String command,
        Optional<String> container,
        Mount mount,
        boolean isUse) {

    /** Whoever has it, for people to read. */
    @Override
    public String toString() {
        return container
                        .map(id -> "container " + id.substring(0, 12))
                        .orElse("process " + pid + " (" + command + ")")
                + " at "
                + mount.point();
    }
}
