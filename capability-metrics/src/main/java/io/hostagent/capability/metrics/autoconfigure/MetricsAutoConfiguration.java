// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.autoconfigure;

import io.hostagent.capability.metrics.container.ContainerMetrics;
import io.hostagent.capability.metrics.web.PlainListeners;
import io.hostagent.core.autoconfigure.ClusterAutoConfiguration;
import io.hostagent.core.capability.AgentPath;
import io.hostagent.core.capability.AgentPath.Access;
import io.hostagent.core.capability.CapabilityDescriptor;
import io.hostagent.core.capability.Need;
import io.hostagent.core.capability.Need.Absence;
import io.hostagent.core.host.HostRoot;
import io.hostagent.core.kernel.HostFiles;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** Metrics: what the capability is; its parts are wired beside it. */
@AutoConfiguration(after = ClusterAutoConfiguration.class)
@Import({SourcesConfiguration.class, ServingConfiguration.class, DiscoveryConfiguration.class})
public final class MetricsAutoConfiguration {

    /**
     * Empty while the capability is off. The descriptor is asked at any time, also when there are
     * no beans yet or no more.
     */
    private final AtomicReference<@Nullable PlainListeners> listeners = new AtomicReference<>();

    @Bean
    CapabilityDescriptor metricsCapability(HostRoot hostRoot) {
        return new CapabilityDescriptor(
                "metrics",
                "CAP_METRICS",
                false,
                "host and container metrics for Prometheus",
                List.of(
                        new AgentPath("/metrics", Access.METRICS),
                        new AgentPath("/sd", Access.METRICS),
                        new AgentPath("/proxy", Access.METRICS)),
                List.of(
                        new Need(
                                "the host's root with its /proc and cgroups",
                                () -> ContainerMetrics.missing(HostFiles.of(hostRoot))),
                        new Need("ports without TLS", this::missingPort)));
    }

    /** Says which ports the capability has been told to open. */
    void listens(PlainListeners opened) {
        listeners.set(opened);
    }

    private Optional<Absence> missingPort() {
        return Optional.ofNullable(listeners.get()).flatMap(PlainListeners::missing);
    }
}
