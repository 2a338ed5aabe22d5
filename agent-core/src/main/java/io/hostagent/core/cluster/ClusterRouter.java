// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.cluster;

import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import io.hostagent.core.error.ApiError;
import io.hostagent.core.json.JsonTree;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Who this agent is, for the other ones, and who all of them are, for people. */
public final class ClusterRouter {

    private static final ApiError UNKNOWN =
            new ApiError(
                    "This agent does not know its node yet",
                    "It asks its Docker engine, which was not there since the agent started");

    private final Directory directory;
    private final LocalNode self;

    public ClusterRouter(Directory directory, LocalNode self) {
        this.directory = directory;
        this.self = self;
    }

    /** {@code GET /v2/identity} and {@code GET /v2/cluster}. */
    public RouterFunction<ServerResponse> routes() {
        return route().GET(Identities.PATH, request -> identity())
                .GET("/v2/cluster", this::cluster)
                .build();
    }

    private Mono<ServerResponse> identity() {
        return self.identity()
                .flatMap(identity -> json(200, IdentityJson.write(identity)))
                .switchIfEmpty(
                        Mono.defer(
                                () ->
                                        ServerResponse.status(503)
                                                .contentType(MediaType.APPLICATION_JSON)
                                                .bodyValue(UNKNOWN.json())));
    }

    private Mono<ServerResponse> cluster(ServerRequest request) {
        OnBehalf who = OnBehalf.of(null, request.headers()::firstHeader);
        return directory
                .view(who)
                .map(view -> describe(true, view))
                .switchIfEmpty(
                        Mono.defer(
                                () ->
                                        self.identity()
                                                .map(ClusterRouter::alone)
                                                .defaultIfEmpty(
                                                        new ClusterView(List.of(), List.of()))
                                                .map(view -> describe(false, view))))
                .flatMap(document -> json(200, document));
    }

    private static ClusterView alone(NodeIdentity identity) {
        PeerAddress here = new PeerAddress("127.0.0.1", identity.port());
        return new ClusterView(List.of(new Member(identity, here, true)), List.of());
    }

    private Map<String, Object> describe(boolean clustered, ClusterView view) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("clustered", clustered);
        document.put("members", view.members().stream().map(this::describe).toList());
        document.put("unreachable", view.absent().stream().map(this::describe).toList());
        return document;
    }

    private Map<String, Object> describe(Member member) {
        Map<String, Object> document = new LinkedHashMap<>(IdentityJson.write(member.identity()));
        document.put("address", member.address().host());
        document.put("self", member.self());
        document.put("health", "up");
        directory
                .lastSeen(member.nodeName())
                .ifPresent(instant -> document.put("lastSeen", instant.toString()));
        document.put("unanswered", directory.unanswered(member.nodeName()));
        return document;
    }

    private Map<String, Object> describe(Absent absent) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("nodeName", absent.name());
        Optional.ofNullable(absent.address())
                .ifPresent(address -> document.put("address", address.toString()));
        document.put("health", "unreachable");
        document.put("why", absent.why());
        directory
                .lastSeen(absent.name())
                .ifPresent(instant -> document.put("lastSeen", instant.toString()));
        document.put("unanswered", directory.unanswered(absent.name()));
        return document;
    }

    private static Mono<ServerResponse> json(int status, Map<String, Object> document) {
        return ServerResponse.status(status)
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(JsonTree.write(document));
    }
}
