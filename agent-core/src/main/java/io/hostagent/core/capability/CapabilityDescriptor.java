// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.capability;

import java.util.List;

/**
 * What a capability is, whether it is on or off. Every capability contributes one, unconditionally.
 *
 * @param name how it is called, such as {@code host}
 * @param flag the environment variable that turns it on, such as {@code CAP_HOST_MANAGEMENT}
 * @param onByDefault whether it is on while the variable is unset
 * @param summary what it gives, in a few words
 * @param paths the parts of the path space that it answers itself, as prefixes of whole segments
 * @param needs what it needs from the host
 */
public record CapabilityDescriptor(
        String name,
        String flag,
        boolean onByDefault,
        String summary,
        List<AgentPath> paths,
        List<Need> needs) {

    public CapabilityDescriptor {
        paths = List.copyOf(paths);
        needs = List.copyOf(needs);
    }
}
