// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.web;

import io.hostagent.core.capability.CapabilityRegistry;
import io.hostagent.core.meter.AgentMeters;
import io.hostagent.core.settings.AgentSettings;
import io.hostagent.core.tls.PeerTls;
import io.hostagent.core.trust.AuditLog;
import io.hostagent.core.trust.Authenticator;
import io.netty.handler.ssl.SslContext;
import java.time.Duration;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.reactor.netty.NettyRouteProvider;
import org.springframework.boot.web.server.reactive.ReactiveWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.context.support.DefaultLifecycleProcessor;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** The agent's port and what stands at its door. */
// By its name: the wiring of the cluster knows this package.
@AutoConfiguration(afterName = "io.hostagent.core.autoconfigure.CoreAutoConfiguration")
public final class WebAutoConfiguration {

    private static final Duration SHUTDOWN_LIMIT = Duration.ofSeconds(3);

    @Bean
    Gate gate(
            CapabilityRegistry capabilities,
            Authenticator authenticator,
            AuditLog audit,
            AgentSettings settings,
            ObjectProvider<ResponseStamp> stamps,
            ObjectProvider<HttpHandler> spring,
            ObjectProvider<StreamRoute> streamRoutes,
            ObjectProvider<CatchAll> catchAll,
            ObjectProvider<AgentMeters> meters) {
        List<ResponseStamp> all = stamps.orderedStream().toList();
        return new Gate(
                new Doors(capabilities),
                authenticator,
                audit,
                settings.readOnly(),
                headers -> all.forEach(stamp -> stamp.apply(headers)),
                new OwnRoutes(spring::getObject),
                streamRoutes.orderedStream().toList(),
                catchAll.stream().findFirst(),
                meters.getIfAvailable(() -> AgentMeters.NONE));
    }

    @Bean
    NettyRouteProvider gateRoute(Gate gate) {
        return routes -> routes.route(request -> true, gate::handle);
    }

    @Bean
    AgentServer agentServer(
            SslContext tls,
            PeerTls peers,
            AuditLog audit,
            AgentSettings settings,
            ObjectProvider<AgentMeters> meters) {
        return new AgentServer(
                tls,
                peers,
                audit,
                settings.maxConnections(),
                meters.getIfAvailable(() -> AgentMeters.NONE));
    }

    @Bean
    ReactiveWebServerFactory listener(
            AgentSettings settings,
            AgentServer server,
            NettyRouteProvider gateRoute,
            ReactorResourceFactory eventLoops) {
        NettyReactiveWebServerFactory factory = new NettyReactiveWebServerFactory();
        factory.setResourceFactory(eventLoops);
        factory.setAddress(settings.host());
        factory.setPort(settings.port());
        factory.addServerCustomizers(server);
        factory.addRouteProviders(gateRoute);
        return factory;
    }

    /** SIGTERM gives open streams ({@code logs -f}, {@code events}) this long. */
    @Bean(AbstractApplicationContext.LIFECYCLE_PROCESSOR_BEAN_NAME)
    static DefaultLifecycleProcessor shutdown() {
        DefaultLifecycleProcessor processor = new DefaultLifecycleProcessor();
        processor.setTimeoutPerShutdownPhase(SHUTDOWN_LIMIT.toMillis());
        return processor;
    }

    /**
     * The agent's own routes and nothing else of WebFlux: its controllers, views, sessions and
     * codecs would be loaded by every start and used by none.
     */
    @Bean
    HttpHandler ownRoutes(ObjectProvider<RouterFunction<ServerResponse>> routes) {
        RouterFunction<ServerResponse> all =
                routes.orderedStream()
                        .reduce(RouterFunction::and)
                        .orElseGet(() -> request -> Mono.empty());
        return OwnStrategies.handler(all);
    }

    @Bean
    RouterFunction<ServerResponse> statusRoutes(CapabilityRegistry capabilities) {
        return new StatusRouter(capabilities).routes();
    }
}
