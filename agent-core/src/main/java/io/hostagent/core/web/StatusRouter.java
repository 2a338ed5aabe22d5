// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.web;

import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import io.hostagent.core.capability.CapabilityDescriptor;
import io.hostagent.core.capability.CapabilityRegistry;
import io.hostagent.core.capability.CapabilityStatus;
import java.util.List;
import java.util.Map;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** How the agent is doing: for probes, which learn yes or no, and for callers, who learn why. */
final class StatusRouter {

    /** A capability as {@code GET /v2/capabilities} lists it. */
    record CapabilityView(
            String name, String flag, String summary, String state, String why, String remedy) {}

    private final CapabilityRegistry capabilities;

    StatusRouter(CapabilityRegistry capabilities) {
        this.capabilities = capabilities;
    }

    RouterFunction<ServerResponse> routes() {
        return route().GET("/v2/capabilities", request -> list())
                .GET("/v2/health", request -> health())
                .GET("/v2/health/live", request -> probe(true))
                .GET("/v2/health/ready", request -> probe(ready()))
                .build();
    }

    private Mono<ServerResponse> list() {
        return ServerResponse.ok().bodyValue(views());
    }

    private Mono<ServerResponse> health() {
        boolean ready = ready();
        return ServerResponse.status(ready ? 200 : 503)
                .bodyValue(Map.of("status", ready ? "up" : "waiting", "capabilities", views()));
    }

    private static Mono<ServerResponse> probe(boolean up) {
        return ServerResponse.status(up ? 200 : 503)
                .bodyValue(Map.of("status", up ? "up" : "waiting"));
    }

    private boolean ready() {
        return capabilities.all().stream()
                .noneMatch(c -> capabilities.status(c) instanceof CapabilityStatus.Waiting);
    }

    private List<CapabilityView> views() {
        return capabilities.all().stream().map(this::view).toList();
    }

    private CapabilityView view(CapabilityDescriptor capability) {
        CapabilityStatus status = capabilities.status(capability);
        return new CapabilityView(
                capability.name(),
                capability.flag(),
                capability.summary(),
                status.state(),
                status.why(),
                status.remedy());
    }
}
