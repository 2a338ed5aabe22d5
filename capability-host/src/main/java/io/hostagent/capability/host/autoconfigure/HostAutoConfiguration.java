// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.autoconfigure;

import io.hostagent.core.capability.AgentPath;
import io.hostagent.core.capability.AgentPath.Access;
import io.hostagent.core.capability.CapabilityDescriptor;
import java.util.List;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

/** Host management: announced, and not built yet. */
@AutoConfiguration
public final class HostAutoConfiguration {

    @Bean
    CapabilityDescriptor hostCapability() {
        return new CapabilityDescriptor(
                "host",
                "CAP_HOST_MANAGEMENT",
                false,
                "the host's files under /host, PCI devices, disks and facts",
                false,
                List.of(
                        new AgentPath("/host", Access.ADMIN),
                        new AgentPath("/v1/host", Access.ADMIN),
                        new AgentPath("/v2/host", Access.ADMIN)),
                List.of());
    }
}
