// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.proxy.portainer;

import static org.springframework.web.reactive.function.server.RequestPredicates.methods;
import static org.springframework.web.reactive.function.server.RequestPredicates.path;
import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import io.hostagent.core.cluster.Directory;
import io.hostagent.core.cluster.Member;
import io.hostagent.core.cluster.OnBehalf;
import io.hostagent.core.error.ApiError;
import io.hostagent.core.json.JsonTree;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
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

    private final Directory directory;

    /** Makes the routes of an agent that may have others beside it. */
    public PortainerRouter(Directory directory) {
        this.directory = directory;
    }

    /** {@code /ping}, {@code /agents} and {@code /key}, with the prefixes that the original has. */
    public RouterFunction<ServerResponse> routes() {
        RouterFunctions.Builder routes = route();
        only(routes, "/ping", request -> ServerResponse.noContent().build(), HttpMethod.GET);
        only(routes, "/v2/ping", request -> ServerResponse.noContent().build(), HttpMethod.GET);
        for (String agents : new String[] {"/agents", "/v1/agents", "/v2/agents"}) {
            only(routes, agents, this::agents, HttpMethod.GET);
        }
        only(routes, "/key", request -> error(503, NO_EDGE), HttpMethod.GET, HttpMethod.POST);
        return routes.build();
    }

    private Mono<ServerResponse> agents(ServerRequest request) {
        return directory
                .view(OnBehalf.of(null, request.headers()::firstHeader))
                .map(view -> JsonTree.write(view.members().stream().map(this::agent).toList()))
                .flatMap(
                        json ->
                                ServerResponse.ok()
                                        .contentType(MediaType.APPLICATION_JSON)
                                        .bodyValue(json))
                .switchIfEmpty(Mono.defer(() -> error(503, STANDALONE)));
    }

    /** In the original's words; the port is a text. */
    private Map<String, Object> agent(Member member) {
        Map<String, Object> agent = new LinkedHashMap<>();
        agent.put("IPAddress", member.address().host());
        agent.put("Port", String.valueOf(member.address().port()));
        agent.put("NodeName", member.nodeName());
        agent.put("NodeRole", member.identity().role().word());
        agent.put("EdgeKeySet", false);
        return agent;
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
