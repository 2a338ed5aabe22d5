// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.autoconfigure;

import io.hostagent.core.autoconfigure.ClusterAutoConfiguration;
import io.hostagent.core.capability.AgentPath;
import io.hostagent.core.capability.AgentPath.Access;
import io.hostagent.core.capability.CapabilityDescriptor;
import java.util.List;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** Metrics: what the capability is; its parts are wired beside it. */
@AutoConfiguration(after = ClusterAutoConfiguration.class)
@Import(DiscoveryConfiguration.class)
public final class MetricsAutoConfiguration {

    @Bean
    CapabilityDescriptor metricsCapability() {
        return new CapabilityDescriptor(
                "metrics",
                "CAP_METRICS",
                false,
                "host and container metrics for Prometheus",
                true,
                List.of(
                        new AgentPath("/metrics", Access.METRICS),
                        new AgentPath("/sd", Access.METRICS),
                        new AgentPath("/proxy", Access.METRICS)),
                List.of());
    }
}
