// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.autoconfigure;

import io.hostagent.core.capability.AgentPath;
import io.hostagent.core.capability.AgentPath.Access;
import io.hostagent.core.capability.CapabilityDescriptor;
import java.util.List;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

/** Metrics: announced, and not built yet. */
@AutoConfiguration
public final class MetricsAutoConfiguration {

    @Bean
    CapabilityDescriptor metricsCapability() {
        return new CapabilityDescriptor(
                "metrics",
                "CAP_METRICS",
                false,
                "host and container metrics for Prometheus",
                false,
                List.of(new AgentPath("/metrics", Access.METRICS)),
                List.of());
    }
}
