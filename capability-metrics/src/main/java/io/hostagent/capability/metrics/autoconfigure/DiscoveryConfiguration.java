// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.autoconfigure;

import io.hostagent.capability.metrics.discovery.ClusterTargets;
import io.hostagent.capability.metrics.discovery.ContainerTargets;
import io.hostagent.capability.metrics.discovery.DiscoveryRoute;
import io.hostagent.capability.metrics.discovery.Endpoints;
import io.hostagent.capability.metrics.discovery.EngineNetworks;
import io.hostagent.capability.metrics.exporter.Connections;
import io.hostagent.capability.metrics.exporter.ContainerHosts;
import io.hostagent.capability.metrics.exporter.Exporters;
import io.hostagent.capability.metrics.exporter.TargetRoute;
import io.hostagent.core.capability.ConditionalOnCapability;
import io.hostagent.core.cluster.Addressee;
import io.hostagent.core.cluster.Directory;
import io.hostagent.core.cluster.Forwarding;
import io.hostagent.core.cluster.LocalNode;
import io.hostagent.core.cluster.Peers;
import io.hostagent.core.concurrent.Blocking;
import io.hostagent.core.docker.registry.StartedContainers;
import io.hostagent.core.host.OwnContainer;
import io.hostagent.core.relay.Upstream;
import io.hostagent.core.web.StreamRoute;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What Prometheus can scrape in the cluster, and the way to exporters in containers. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnCapability("CAP_METRICS")
class DiscoveryConfiguration {

    @Bean
    Endpoints containerEndpoints(StartedContainers containers) {
        return new Endpoints(containers);
    }

    @Bean
    EngineNetworks engineNetworks(Upstream engine) {
        return new EngineNetworks(engine);
    }

    @Bean
    ContainerTargets containerTargets(Endpoints endpoints, EngineNetworks networks) {
        return new ContainerTargets(endpoints, networks);
    }

    @Bean
    ClusterTargets clusterTargets(Directory directory, Peers peers, ContainerTargets here) {
        return new ClusterTargets(directory, peers, here);
    }

    @Bean
    StreamRoute serviceDiscovery(
            Directory directory,
            LocalNode self,
            Addressee addressee,
            Forwarding forwarding,
            ContainerTargets here,
            ClusterTargets everywhere) {
        return new DiscoveryRoute(directory, self, addressee, forwarding, here, everywhere);
    }

    @Bean
    StreamRoute exporterProxy(
            Endpoints endpoints,
            EngineNetworks networks,
            ClusterTargets everywhere,
            Blocking blocking,
            Directory directory,
            Addressee addressee,
            Forwarding forwarding) {
        return new TargetRoute(
                new Exporters(endpoints, networks, OwnContainer.id()),
                new Connections(blocking::run),
                new ContainerHosts(everywhere),
                directory,
                addressee,
                forwarding);
    }
}
