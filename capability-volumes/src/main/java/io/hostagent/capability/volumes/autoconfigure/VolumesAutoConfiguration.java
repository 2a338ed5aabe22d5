// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.autoconfigure;

import io.hostagent.core.capability.AgentPath;
import io.hostagent.core.capability.AgentPath.Access;
import io.hostagent.core.capability.CapabilityDescriptor;
import java.util.List;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

/** Volumes: announced, and not built yet. */
@AutoConfiguration
public final class VolumesAutoConfiguration {

    @Bean
    CapabilityDescriptor volumesCapability() {
        return new CapabilityDescriptor(
                "volumes",
                "CAP_VOLUMES",
                false,
                "a Docker volume plugin whose volumes follow their containers",
                false,
                List.of(new AgentPath("/v2/volumes", Access.CALLER)),
                List.of());
    }
}
