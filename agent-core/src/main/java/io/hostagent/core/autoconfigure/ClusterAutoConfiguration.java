// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.autoconfigure;

import io.hostagent.core.capability.CapabilityDescriptor;
import io.hostagent.core.capability.CapabilityRegistry;
import io.hostagent.core.cluster.Addressee;
import io.hostagent.core.cluster.ClusterRouter;
import io.hostagent.core.cluster.Directory;
import io.hostagent.core.cluster.Forwarding;
import io.hostagent.core.cluster.LocalNode;
import io.hostagent.core.cluster.Peers;
import io.hostagent.core.concurrent.Blocking;
import io.hostagent.core.files.BrowseRoute;
import io.hostagent.core.files.FileTrees;
import io.hostagent.core.relay.Upstream;
import io.hostagent.core.settings.AgentSettings;
import io.hostagent.core.settings.AgentVersion;
import io.hostagent.core.tls.PeerTls;
import io.hostagent.core.web.StreamRoute;
import io.netty.channel.EventLoop;
import java.util.function.Supplier;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

/** The other agents: who they are and how they are reached; and files, on whichever node. */
@AutoConfiguration(after = DockerAutoConfiguration.class)
public final class ClusterAutoConfiguration {

    @Bean
    Peers peers(PeerTls tls, Blocking blocking, ReactorResourceFactory eventLoops) {
        return new Peers(tls, blocking::run, loops(eventLoops));
    }

    @Bean
    LocalNode localNode(
            AgentSettings settings,
            Upstream engine,
            CapabilityRegistry capabilities,
            ReactorResourceFactory eventLoops) {
        return new LocalNode(
                engine,
                loops(eventLoops),
                settings.port(),
                () ->
                        capabilities.all().stream()
                                .filter(capabilities::isOn)
                                .map(CapabilityDescriptor::name)
                                .toList(),
                AgentVersion.read());
    }

    @Bean
    Directory directory(
            AgentSettings settings,
            LocalNode self,
            Upstream engine,
            Peers peers,
            ReactorResourceFactory eventLoops) {
        return Directory.of(settings, self, engine, peers, loops(eventLoops));
    }

    @Bean
    Forwarding forwarding(Directory directory, Peers peers, LocalNode self) {
        return new Forwarding(directory, peers, self);
    }

    @Bean
    Addressee addressee(Directory directory) {
        return new Addressee(directory);
    }

    @Bean
    StreamRoute browsing(ObjectProvider<FileTrees> trees, Forwarding forwarding) {
        return new BrowseRoute(trees.orderedStream().toList(), forwarding);
    }

    @Bean
    RouterFunction<ServerResponse> clusterRoutes(Directory directory, LocalNode self) {
        return new ClusterRouter(directory, self).routes();
    }

    /**
     * An agent that has others begins to derive its keys as soon as its port is open: the first one
     * that calls it waits a second and no longer, and a small machine needs most of that.
     */
    @Bean
    ApplicationListener<ApplicationReadyEvent> prepareForAgents(Directory directory, PeerTls tls) {
        return ready ->
                directory
                        .clustered()
                        .filter(clustered -> clustered && tls.mutual())
                        .flatMap(clustered -> tls.ready())
                        .onErrorComplete()
                        .subscribe();
    }

    private static Supplier<EventLoop> loops(ReactorResourceFactory eventLoops) {
        return () -> eventLoops.getLoopResources().onClient(true).next();
    }
}
