// SPDX-License-Identifier: Apache-2.0
package io.hostagent.app;

import io.hostagent.core.capability.CapabilityRegistry;
import io.hostagent.core.docker.registry.ContainerRegistry;
import io.hostagent.core.settings.AgentSettings;
import io.hostagent.core.trust.AssociationTimeout;
import io.hostagent.core.trust.Authenticator;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;

/** What happens once the port is open. */
@AutoConfiguration
public final class StartUpAutoConfiguration {

    private static final Logger log = LoggerFactory.getLogger(AgentApplication.class);

    /** The engine answers within milliseconds when it is there; the table waits this long. */
    private static final Duration ENGINE_WAIT = Duration.ofSeconds(3);

    @Bean
    ApplicationListener<ApplicationReadyEvent> startUpTable(
            CapabilityRegistry capabilities, AgentSettings settings, ContainerRegistry registry) {
        return ready -> {
            capabilities.unknownFlags(System.getenv().keySet().stream()).forEach(log::warn);
            registry.connected(ENGINE_WAIT)
                    .doFinally(
                            signal ->
                                    log.info(
                                            "The agent serves https://{}:{} and keeps its data in"
                                                    + " {}{}",
                                            settings.host().getHostAddress(),
                                            settings.port(),
                                            settings.dataPath(),
                                            StartUpTable.of(capabilities)))
                    .subscribe();
        };
    }

    @Bean
    AssociationTimeout associationTimeout(
            AgentSettings settings,
            Authenticator authenticator,
            WebServerApplicationContext context) {
        AssociationTimeout timeout =
                new AssociationTimeout(
                        settings.trust().secretTimeout(),
                        authenticator::associated,
                        () -> {
                            if (context.getWebServer() != null) {
                                context.getWebServer().stop();
                            }
                        });
        timeout.start();
        return timeout;
    }
}
