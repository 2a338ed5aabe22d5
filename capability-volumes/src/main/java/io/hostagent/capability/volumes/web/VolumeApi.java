// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.web;

import io.hostagent.core.error.AgentException;
import io.hostagent.core.error.BusyException;
import io.hostagent.core.error.CallerException;
import io.hostagent.core.error.FileException;
import io.hostagent.core.web.ApiCall;
import io.hostagent.core.web.Exchange;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/** All calls of volumes, wherever they come from: the agent's port, or the socket for root. */
public final class VolumeApi {

    /** All paths begin with this. */
    static final String PREFIX = "/v2/volume";

    private final List<Endpoint> endpoints;

    /** Puts the calls together. */
    public VolumeApi(Backing backing) {
        LongWork work = new LongWork(backing.operations());
        endpoints =
                Stream.of(
                                new VolumeCalls(backing, work).endpoints(),
                                new SnapshotCalls(backing, work).endpoints(),
                                new HoldCalls(backing).endpoints(),
                                new TrashCalls(backing, work).endpoints(),
                                new ImportCalls(backing, work).endpoints(),
                                new FileCalls(backing).endpoints(),
                                new OperationCalls(backing).endpoints(),
                                new EventCalls(backing.events()).endpoints(),
                                new DiagnosticsCalls(backing).endpoints())
                        .flatMap(List::stream)
                        .toList();
    }

    /** What is answered here, as {@code docs/openapi.json} has it. */
    public List<ApiCall> calls() {
        return endpoints.stream().map(Endpoint::call).toList();
    }

    /**
     * Answers a request that may be answered, on the event loop of its connection.
     *
     * @return ends when the answer is written; errors with an {@link AgentException} as long as
     *     nothing was sent
     */
    public Mono<Void> answer(Exchange exchange) {
        String path = exchange.path().path();
        String method = exchange.request().method().name();
        List<Endpoint> here =
                endpoints.stream().filter(one -> one.match(path).isPresent()).toList();
        if (here.isEmpty()) {
            throw CallerException.notFound(
                    "There is no such call", "docs/openapi.json has those of volumes");
        }
        for (Endpoint endpoint : here) {
            Optional<Map<String, String>> variables = endpoint.match(path);
            if (endpoint.method().equals(method) && variables.isPresent()) {
                Call call = Call.of(exchange, endpoint, variables.get());
                return endpoint.answerer().answer(call).onErrorMap(VolumeApi::told);
            }
        }
        String allowed = here.stream().map(Endpoint::method).collect(Collectors.joining(", "));
        exchange.response().header(HttpHeaderNames.ALLOW, allowed);
        throw new CallerException(405, "Not with " + method, "This path takes " + allowed);
    }

    private static Throwable told(Throwable failure) {
        return switch (failure) {
            case AgentException known -> known;
            case RejectedExecutionException _ ->
                    new BusyException(
                            "Too much is asked of volumes at once", "Ask again in a moment");
            case IOException other -> FileException.failed("The volume cannot be used", other);
            default -> failure;
        };
    }
}
