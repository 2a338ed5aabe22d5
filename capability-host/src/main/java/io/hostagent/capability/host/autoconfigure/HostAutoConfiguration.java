// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.autoconfigure;

import io.hostagent.capability.host.facts.HostFacts;
import io.hostagent.capability.host.facts.HostInventory;
import io.hostagent.capability.host.files.HostFiles;
import io.hostagent.capability.host.web.HostRouter;
import io.hostagent.core.autoconfigure.ClusterAutoConfiguration;
import io.hostagent.core.capability.AgentPath;
import io.hostagent.core.capability.AgentPath.Access;
import io.hostagent.core.capability.CapabilityDescriptor;
import io.hostagent.core.capability.ConditionalOnCapability;
import io.hostagent.core.capability.Need;
import io.hostagent.core.cluster.Addressee;
import io.hostagent.core.cluster.Forwarding;
import io.hostagent.core.cluster.NodeRoute;
import io.hostagent.core.concurrent.Blocking;
import io.hostagent.core.docker.DockerEngine;
import io.hostagent.core.host.HostRoot;
import io.hostagent.core.settings.AgentSettings;
import io.hostagent.core.settings.EngineAddress;
import io.hostagent.core.web.StreamRoute;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Host management: the host's files, and what the host is. */
@AutoConfiguration(after = ClusterAutoConfiguration.class)
public final class HostAutoConfiguration {

    private static final String FLAG = "CAP_HOST_MANAGEMENT";

    private static final List<AgentPath> FACTS =
            List.of(
                    new AgentPath("/v2/host", Access.ADMIN),
                    new AgentPath("/v1/host", Access.ADMIN),
                    new AgentPath("/host", Access.ADMIN));

    /** Who may have which files is decided where it is known whether they are of a volume. */
    private static final List<AgentPath> FILES =
            List.of(
                    new AgentPath("/v2/browse", Access.CALLER),
                    new AgentPath("/browse", Access.CALLER));

    @Bean
    CapabilityDescriptor hostCapability(HostRoot hostRoot) {
        List<AgentPath> paths = Stream.concat(FACTS.stream(), FILES.stream()).toList();
        return new CapabilityDescriptor(
                "host",
                FLAG,
                false,
                "the host's files under /host, PCI devices, disks and facts",
                paths,
                List.of(new Need("the host's root", hostRoot::missing)));
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnCapability(FLAG)
    static class Enabled {

        @Bean
        HostFiles hostFiles(HostRoot hostRoot, Addressee addressee) {
            return new HostFiles(hostRoot, addressee);
        }

        @Bean
        StreamRoute hostFactsOfNodes(Addressee addressee, Forwarding forwarding) {
            return new NodeRoute(FACTS, addressee, forwarding);
        }

        @Bean
        HostInventory hostInventory(Blocking blocking, HostRoot hostRoot) {
            return new HostInventory(blocking, hostRoot);
        }

        @Bean
        HostFacts hostFacts(
                Blocking blocking, HostRoot hostRoot, DockerEngine engine, AgentSettings settings) {
            return new HostFacts(
                    blocking,
                    hostRoot,
                    engine,
                    settings.engine() instanceof EngineAddress.UnixSocket);
        }

        @Bean
        RouterFunction<ServerResponse> hostRoutes(HostInventory inventory, HostFacts facts) {
            return new HostRouter(inventory, facts).routes();
        }
    }
}
