// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.autoconfigure;

import io.hostagent.capability.metrics.container.ContainerMetrics;
import io.hostagent.capability.metrics.node.EngineName;
import io.hostagent.capability.metrics.node.NodeMetrics;
import io.hostagent.capability.metrics.self.AgentSource;
import io.hostagent.capability.metrics.self.CoreMeters;
import io.hostagent.capability.metrics.self.MeteredAgent;
import io.hostagent.capability.metrics.self.ProcessSource;
import io.hostagent.core.capability.ConditionalOnCapability;
import io.hostagent.core.cluster.Directory;
import io.hostagent.core.docker.DockerEngine;
import io.hostagent.core.docker.EngineInfo;
import io.hostagent.core.docker.registry.ContainerRegistry;
import io.hostagent.core.docker.registry.StartedContainers;
import io.hostagent.core.host.HostRoot;
import io.hostagent.core.kernel.HostFiles;
import io.hostagent.core.meter.AgentMeters;
import io.hostagent.core.meter.OwnNumbers;
import io.hostagent.core.settings.AgentSettings;
import io.hostagent.core.settings.AgentVersion;
import io.hostagent.core.settings.EngineAddress;
import io.hostagent.core.settings.SettingsException;
import io.hostagent.core.settings.SettingsReader;
import io.hostagent.core.settings.Variables;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.client.ReactorResourceFactory;

/** What is measured: the host, its containers, and the agent itself. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnCapability("CAP_METRICS")
class SourcesConfiguration {

    @Bean
    MetricsVariables metricsVariables(Environment environment) {
        return new MetricsVariables(new SettingsReader(new Variables(environment)));
    }

    @Bean
    NodeMetrics nodeMetrics(
            MetricsVariables variables,
            HostRoot hostRoot,
            AgentSettings settings,
            DockerEngine engine) {
        // An engine elsewhere is on another host, with another name.
        boolean here = settings.engine() instanceof EngineAddress.UnixSocket;
        try {
            return new NodeMetrics(
                    variables.node(),
                    hostRoot,
                    AgentVersion.read(),
                    here ? EngineName.of(engine) : EngineName.NOBODY);
        } catch (IllegalArgumentException e) {
            throw new SettingsException(
                    "METRICS_NODE_ENABLE and METRICS_NODE_DISABLE: " + e.getMessage());
        }
    }

    @Bean
    ContainerMetrics containerMetrics(
            MetricsVariables variables,
            HostRoot hostRoot,
            StartedContainers containers,
            ContainerRegistry registry) {
        return new ContainerMetrics(
                () -> HostFiles.of(hostRoot),
                containers,
                () -> registry.engine().map(EngineInfo::serverVersion).orElse(""),
                AgentVersion.read(),
                variables.containers());
    }

    @Bean
    MeterRegistry agentMeterRegistry() {
        return new SimpleMeterRegistry();
    }

    @Bean
    AgentMeters agentMeters(MeterRegistry registry) {
        return new MeteredAgent(registry);
    }

    @Bean
    AgentSource agentMetrics(
            MeterRegistry registry,
            ContainerRegistry containers,
            Directory directory,
            ReactorResourceFactory eventLoops,
            ObjectProvider<OwnNumbers> others) {
        return new AgentSource(
                registry,
                new CoreMeters(containers, directory, eventLoops),
                others.orderedStream().toList());
    }

    @Bean
    ProcessSource processMetrics() {
        return new ProcessSource();
    }
}
