// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.web;

import static org.springframework.web.reactive.function.server.RequestPredicates.methods;
import static org.springframework.web.reactive.function.server.RequestPredicates.path;
import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import io.hostagent.capability.host.facts.HostFacts;
import io.hostagent.capability.host.facts.HostInventory;
import io.hostagent.core.error.ApiError;
import io.hostagent.core.json.JsonTree;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** What the host is: in the words of the Portainer agent, and in more of the agent's own. */
public final class HostRouter {

    private static final Logger log = LoggerFactory.getLogger(HostRouter.class);

    /** The one path, with the prefixes that the original agent takes. */
    private static final List<String> INFO =
            List.of("/host/info", "/v1/host/info", "/v2/host/info");

    private final HostInventory inventory;
    private final HostFacts facts;

    /** Makes the routes of a host. */
    public HostRouter(HostInventory inventory, HostFacts facts) {
        this.inventory = inventory;
        this.facts = facts;
    }

    /** {@code /v2/host}, and {@code /host/info} with and without a version. */
    public RouterFunction<ServerResponse> routes() {
        RouterFunctions.Builder routes = route();
        get(routes, "/v2/host", () -> facts.read().flatMap(HostRouter::json));
        INFO.forEach(path -> get(routes, path, this::info));
        return routes.build();
    }

    private Mono<ServerResponse> info() {
        return inventory.read().flatMap(HostRouter::json).onErrorResume(HostRouter::failed);
    }

    /** In the original's words. */
    private static Mono<ServerResponse> failed(Throwable failure) {
        log.warn("The disks of the host cannot be read", failure);
        ApiError error =
                new ApiError(
                        "Unable to retrieve host information",
                        "The disks in /sys/block cannot be read: " + failure);
        return ServerResponse.status(500)
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(error.json());
    }

    private static Mono<ServerResponse> json(Map<String, Object> tree) {
        return ServerResponse.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(JsonTree.write(tree));
    }

    private static void get(
            RouterFunctions.Builder routes, String path, Supplier<Mono<ServerResponse>> answer) {
        routes.route(path(path).and(methods(HttpMethod.GET)), request -> answer.get())
                .route(
                        path(path),
                        request -> ServerResponse.status(405).allow(HttpMethod.GET).build());
    }
}
