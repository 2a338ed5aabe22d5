// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.autoconfigure;

import io.hostagent.capability.metrics.container.ContainerSettings;
import io.hostagent.capability.metrics.node.NodeSettings;
import io.hostagent.capability.metrics.scrape.MetricSource;
import io.hostagent.capability.metrics.scrape.Scraper;
import io.hostagent.capability.metrics.self.AgentSource;
import io.hostagent.capability.metrics.self.CoreMeters;
import io.hostagent.capability.metrics.self.MeteredAgent;
import io.hostagent.capability.metrics.self.ProcessSource;
import io.hostagent.capability.metrics.web.MetricsAnswers;
import io.hostagent.capability.metrics.web.MetricsRoute;
import io.hostagent.capability.metrics.web.PlainListener;
import io.hostagent.capability.metrics.web.PlainListeners;
import io.hostagent.core.autoconfigure.ClusterAutoConfiguration;
import io.hostagent.core.capability.AgentPath;
import io.hostagent.core.capability.AgentPath.Access;
import io.hostagent.core.capability.CapabilityDescriptor;
import io.hostagent.core.capability.ConditionalOnCapability;
import io.hostagent.core.capability.Need;
import io.hostagent.core.cluster.Addressee;
import io.hostagent.core.cluster.Directory;
import io.hostagent.core.cluster.Forwarding;
import io.hostagent.core.docker.registry.ContainerRegistry;
import io.hostagent.core.host.HostRoot;
import io.hostagent.core.kernel.HostFiles;
import io.hostagent.core.meter.AgentMeters;
import io.hostagent.core.settings.AgentSettings;
import io.hostagent.core.settings.SettingsReader;
import io.hostagent.core.settings.Variables;
import io.hostagent.core.trust.AuditLog;
import io.hostagent.core.web.StreamRoute;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.client.ReactorResourceFactory;

/** Metrics: the numbers of the host, its containers and the agent itself, for Prometheus. */
@AutoConfiguration(after = ClusterAutoConfiguration.class)
public final class MetricsAutoConfiguration {

    private static final String FLAG = "CAP_METRICS";

    @Bean
    CapabilityDescriptor metricsCapability(
            HostRoot hostRoot, ObjectProvider<PlainListeners> listeners) {
        return new CapabilityDescriptor(
                "metrics",
                FLAG,
                false,
                "host and container metrics for Prometheus",
                true,
                List.of(new AgentPath("/metrics", Access.METRICS)),
                List.of(
                        new Need("the host's root", () -> HostFiles.of(hostRoot).missing()),
                        new Need(
                                "its ports without TLS",
                                () ->
                                        Optional.ofNullable(listeners.getIfAvailable())
                                                .flatMap(PlainListeners::missing))));
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnCapability(FLAG)
    static class Enabled {

        @Bean
        MetricsVariables metricsVariables(Environment environment) {
            return new MetricsVariables(new SettingsReader(new Variables(environment)));
        }

        @Bean
        NodeSettings nodeSettings(MetricsVariables variables) {
            return variables.node();
        }

        @Bean
        ContainerSettings containerSettings(MetricsVariables variables) {
            return variables.containers();
        }

        @Bean
        Scraper scraper(ObjectProvider<MetricSource> sources, ReactorResourceFactory eventLoops) {
            return new Scraper(
                    sources.orderedStream().toList(),
                    () -> eventLoops.getLoopResources().onServer(true).next());
        }
    }

    /** The agent itself. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnCapability(FLAG)
    static class Self {

        @Bean
        MeterRegistry agentMeterRegistry() {
            return new SimpleMeterRegistry();
        }

        @Bean
        AgentMeters agentMeters(MeterRegistry registry) {
            return new MeteredAgent(registry);
        }

        @Bean
        MetricSource agentMetrics(
                MeterRegistry registry,
                ContainerRegistry containers,
                Directory directory,
                ReactorResourceFactory eventLoops) {
            return new AgentSource(registry, new CoreMeters(containers, directory, eventLoops));
        }

        @Bean
        MetricSource processMetrics() {
            return new ProcessSource();
        }
    }

    /** Where metrics are served. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnCapability(FLAG)
    static class Served {

        @Bean
        MetricsAnswers metricsAnswers(Scraper scraper, MetricsVariables variables) {
            return new MetricsAnswers(scraper, variables.openMetrics());
        }

        @Bean
        StreamRoute metricsRoute(
                MetricsAnswers answers, Addressee addressee, Forwarding forwarding) {
            return new MetricsRoute(answers, addressee, forwarding);
        }

        @Bean
        PlainListeners plainListeners(
                MetricsVariables variables,
                AgentSettings settings,
                MetricsAnswers answers,
                AuditLog audit,
                ReactorResourceFactory eventLoops) {
            return new PlainListeners(
                    variables.places(settings.port()).stream()
                            .map(
                                    place ->
                                            new PlainListener(
                                                    place,
                                                    answers,
                                                    audit,
                                                    settings.maxConnections(),
                                                    eventLoops::getLoopResources))
                            .toList());
        }
    }
}
