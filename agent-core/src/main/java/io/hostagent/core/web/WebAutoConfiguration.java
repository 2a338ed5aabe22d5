// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.web;

import io.hostagent.core.autoconfigure.CoreAutoConfiguration;
import io.hostagent.core.capability.CapabilityRegistry;
import io.hostagent.core.settings.AgentSettings;
import io.hostagent.core.trust.AuditLog;
import io.hostagent.core.trust.Authenticator;
import io.netty.handler.ssl.SslContext;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.reactor.netty.NettyRouteProvider;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.WebExceptionHandler;

/** The agent's port and what stands at its door. */
@AutoConfiguration(
        after = CoreAutoConfiguration.class,
        beforeName =
                "org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration")
public final class WebAutoConfiguration {

    @Bean
    Gate gate(
            CapabilityRegistry capabilities,
            Authenticator authenticator,
            AuditLog audit,
            AgentSettings settings,
            ObjectProvider<ResponseStamp> stamps,
            ObjectProvider<HttpHandler> spring,
            ObjectProvider<CatchAll> catchAll) {
        List<ResponseStamp> all = stamps.orderedStream().toList();
        return new Gate(
                new Doors(capabilities),
                authenticator,
                audit,
                settings.readOnly(),
                headers -> all.forEach(stamp -> stamp.apply(headers)),
                new OwnRoutes(spring::getObject),
                catchAll.stream().findFirst());
    }

    @Bean
    NettyRouteProvider gateRoute(Gate gate) {
        return routes -> routes.route(request -> true, gate::handle);
    }

    @Bean
    AgentServer agentServer(SslContext tls, AuditLog audit, AgentSettings settings) {
        return new AgentServer(tls, audit, settings.maxConnections());
    }

    @Bean
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> address(AgentSettings settings) {
        return factory -> {
            factory.setAddress(settings.host());
            factory.setPort(settings.port());
        };
    }

    @Bean
    RouterFunction<ServerResponse> statusRoutes(CapabilityRegistry capabilities) {
        return new StatusRouter(capabilities).routes();
    }

    @Bean
    WebExceptionHandler errorAnswers() {
        return new ErrorAnswers();
    }
}
