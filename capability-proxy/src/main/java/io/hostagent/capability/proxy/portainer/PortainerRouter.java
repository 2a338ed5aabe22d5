// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.portainer;

import static org.springframework.web.reactive.function.server.RequestPredicates.methods;
import static org.springframework.web.reactive.function.server.RequestPredicates.path;
import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import io.hostagent.core.error.ApiError;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** The small calls of the Portainer agent's protocol that need no engine. */
public final class PortainerRouter {

    private static final ApiError NO_EDGE =
            new ApiError(
                    "Edge key management is disabled on non Edge agent",
                    "Edge key management is disabled");

    private static final ApiError STANDALONE =
            new ApiError(
                    "Agent management is not available when running the agent on a standalone"
                            + " engine",
                    "Agent management is disabled");

    private PortainerRouter() {}

    /** {@code /ping}, {@code /agents} and {@code /key}, with the prefixes that the original has. */
    public static RouterFunction<ServerResponse> routes() {
        RouterFunctions.Builder routes = route();
        only(routes, "/ping", request -> ServerResponse.noContent().build(), HttpMethod.GET);
        only(routes, "/v2/ping", request -> ServerResponse.noContent().build(), HttpMethod.GET);
        for (String agents : new String[] {"/agents", "/v1/agents", "/v2/agents"}) {
            only(routes, agents, request -> error(503, STANDALONE), HttpMethod.GET);
        }
        only(routes, "/key", request -> error(503, NO_EDGE), HttpMethod.GET, HttpMethod.POST);
        return routes.build();
    }

    /** A route for these methods exactly, {@code GET} not standing for {@code HEAD}. */
    private static void only(
            RouterFunctions.Builder routes,
            String path,
            HandlerFunction<ServerResponse> handler,
            HttpMethod... allowed) {
        routes.route(path(path).and(methods(allowed)), handler)
                .route(path(path), request -> notAllowed(allowed));
    }

    private static Mono<ServerResponse> notAllowed(HttpMethod... allowed) {
        return ServerResponse.status(405).allow(allowed).build();
    }

    private static Mono<ServerResponse> error(int status, ApiError error) {
        return ServerResponse.status(status)
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(error.json());
    }
}
