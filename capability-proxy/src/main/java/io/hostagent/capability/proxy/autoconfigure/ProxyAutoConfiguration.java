// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.autoconfigure;

import io.hostagent.capability.proxy.console.ConsoleRoute;
import io.hostagent.capability.proxy.docker.AllowList;
import io.hostagent.capability.proxy.docker.DockerProxy;
import io.hostagent.capability.proxy.docker.NodeLists;
import io.hostagent.capability.proxy.docker.Routing;
import io.hostagent.capability.proxy.docker.Whereabouts;
import io.hostagent.capability.proxy.list.MergedLists;
import io.hostagent.capability.proxy.portainer.PortainerHeaders;
import io.hostagent.capability.proxy.portainer.PortainerRouter;
import io.hostagent.capability.proxy.volume.VolumeTrees;
import io.hostagent.core.autoconfigure.ClusterAutoConfiguration;
import io.hostagent.core.capability.AgentPath;
import io.hostagent.core.capability.AgentPath.Access;
import io.hostagent.core.capability.CapabilityDescriptor;
import io.hostagent.core.capability.ConditionalOnCapability;
import io.hostagent.core.capability.Need;
import io.hostagent.core.capability.Need.Absence;
import io.hostagent.core.cluster.Directory;
import io.hostagent.core.cluster.Forwarding;
import io.hostagent.core.cluster.Peers;
import io.hostagent.core.concurrent.DiskThreads;
import io.hostagent.core.docker.DockerEngine;
import io.hostagent.core.docker.registry.ContainerRegistry;
import io.hostagent.core.files.FileTrees;
import io.hostagent.core.host.OwnContainer;
import io.hostagent.core.meter.AgentMeters;
import io.hostagent.core.relay.SharedAnswers;
import io.hostagent.core.relay.Upstream;
import io.hostagent.core.settings.AgentSettings;
import io.hostagent.core.settings.Setting;
import io.hostagent.core.settings.SettingsReader;
import io.hostagent.core.settings.Variables;
import io.hostagent.core.web.CatchAll;
import io.hostagent.core.web.ResponseStamp;
import io.hostagent.core.web.StreamRoute;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

/** The proxy: a drop-in Portainer agent that carries the whole Docker API. */
@AutoConfiguration(after = ClusterAutoConfiguration.class)
public final class ProxyAutoConfiguration {

    private static final String FLAG = "CAP_PROXY";

    /** A stranger may ask whether an agent is here, and whether it is an Edge agent. */
    private static final List<AgentPath> PATHS =
            List.of(
                    new AgentPath("/ping", Access.PUBLIC),
                    new AgentPath("/v2/ping", Access.PUBLIC),
                    new AgentPath("/key", Access.PUBLIC),
                    new AgentPath("/agents", Access.CALLER),
                    new AgentPath("/v1/agents", Access.CALLER),
                    new AgentPath("/v2/agents", Access.CALLER),
                    new AgentPath("/browse", Access.CALLER),
                    new AgentPath("/v2/browse", Access.CALLER),
                    new AgentPath("/websocket", Access.ADMIN),
                    new AgentPath("/v1/websocket", Access.ADMIN),
                    new AgentPath("/v2/websocket", Access.ADMIN));

    @Bean
    CapabilityDescriptor proxyCapability(AgentSettings settings, ContainerRegistry registry) {
        return new CapabilityDescriptor(
                "proxy",
                FLAG,
                true,
                "the Docker API of this host or of the whole Swarm, for Portainer and any Docker client",
                PATHS,
                List.of(engineNeed(settings, registry)));
    }

    private static Need engineNeed(AgentSettings settings, ContainerRegistry registry) {
        return new Need(
                "Docker engine",
                () ->
                        registry.engine().isPresent()
                                ? Optional.empty()
                                : Optional.of(
                                        new Absence(
                                                "no engine answers at " + settings.engine(),
                                                "start the engine, or mount its socket there")));
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnCapability(value = FLAG, onByDefault = true)
    static class Enabled {

        @Bean
        AllowList allowedCalls(Environment environment) {
            return new SettingsReader(new Variables(environment))
                    .value(Setting.PROXY_ALLOW)
                    .map(AllowList::parse)
                    .orElseGet(AllowList::everything);
        }

        @Bean
        Routing routing(
                Environment environment,
                Directory directory,
                Upstream engine,
                ContainerRegistry registry,
                Peers peers) {
            return new Routing(
                    directory,
                    new Whereabouts(engine, registry, peers),
                    new SettingsReader(new Variables(environment)).flag(Setting.PROXY_AUTO_ROUTE));
        }

        @Bean
        StreamRoute consoles(
                Upstream engine, AllowList allowed, Routing routing, Forwarding forwarding) {
            return new ConsoleRoute(engine, allowed, routing, forwarding);
        }

        @Bean
        FileTrees volumeFiles(
                Upstream engine, AllowList allowed, Routing routing, DiskThreads disk) {
            return new VolumeTrees(engine, allowed, routing, disk, OwnContainer.id());
        }

        @Bean
        CatchAll dockerProxy(
                Upstream engine,
                ContainerRegistry registry,
                DockerEngine docker,
                AllowList allowed,
                Routing routing,
                Directory directory,
                Forwarding forwarding,
                Peers peers,
                ObjectProvider<AgentMeters> meters) {
            return new DockerProxy(
                    engine,
                    registry,
                    docker,
                    allowed,
                    new SharedAnswers(),
                    routing,
                    forwarding,
                    new NodeLists(
                            engine,
                            directory,
                            forwarding,
                            peers,
                            new MergedLists(new SharedAnswers()),
                            meters.getIfAvailable(() -> AgentMeters.NONE)));
        }

        @Bean
        ResponseStamp portainerHeaders(AgentSettings settings) {
            return new PortainerHeaders(settings.portainerVersion());
        }

        @Bean
        RouterFunction<ServerResponse> portainerRoutes(Directory directory) {
            return new PortainerRouter(directory).routes();
        }
    }
}
