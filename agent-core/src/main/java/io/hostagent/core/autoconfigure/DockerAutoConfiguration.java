// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.autoconfigure;

import io.hostagent.core.concurrent.Blocking;
import io.hostagent.core.docker.DockerEngine;
import io.hostagent.core.docker.EngineConnection;
import io.hostagent.core.docker.client.DockerJavaEngine;
import io.hostagent.core.docker.registry.ContainerRegistry;
import io.hostagent.core.docker.registry.FollowedContainers;
import io.hostagent.core.relay.Upstream;
import io.hostagent.core.settings.AgentSettings;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.http.client.ReactorResourceFactory;

/** The two doors to the engine, and the registry of its containers. */
@AutoConfiguration(after = CoreAutoConfiguration.class)
public final class DockerAutoConfiguration {

    @Bean
    Upstream engineConnection(AgentSettings settings, Blocking blocking) {
        return EngineConnection.to(settings.engine(), blocking::run);
    }

    @Bean
    DockerEngine dockerEngine(
            AgentSettings settings,
            Blocking blocking,
            Upstream engine,
            ReactorResourceFactory eventLoops) {
        return new DockerJavaEngine(
                settings,
                blocking,
                engine,
                () -> eventLoops.getLoopResources().onClient(true).next());
    }

    @Bean
    ContainerRegistry containerRegistry(DockerEngine docker) {
        return new ContainerRegistry(docker);
    }

    /** Only made where somebody wants it: it asks the engine about each container that starts. */
    @Bean
    @Lazy
    FollowedContainers startedContainers(ContainerRegistry registry, DockerEngine docker) {
        return new FollowedContainers(registry, docker);
    }

    /** The engine is asked for only when the port is open: a slow engine delays nobody. */
    @Bean
    ApplicationListener<ApplicationReadyEvent> followEngine(ContainerRegistry registry) {
        return ready -> registry.start();
    }

    /** Its call to the engine ends while there are still event loops to end it on. */
    @Bean
    ApplicationListener<ContextClosedEvent> leaveEngine(ContainerRegistry registry) {
        return closed -> registry.close();
    }
}
