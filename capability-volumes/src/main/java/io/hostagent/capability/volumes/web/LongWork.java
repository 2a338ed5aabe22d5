// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.web;

import io.hostagent.capability.volumes.operation.Operation;
import io.hostagent.capability.volumes.operation.Operation.Failure;
import io.hostagent.capability.volumes.operation.Operations;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Mono;

/**
 * Answers calls whose work takes long: at once with where to ask for it, or with its end for
 * callers who want to wait.
 */
final class LongWork {

    /** The query parameter with how long the caller waits. */
    static final String WAIT = "wait";

    private final Operations operations;

    LongWork(Operations operations) {
        this.operations = operations;
    }

    /**
     * Has it done.
     *
     * @param made where what the work makes is found; empty when it makes nothing
     */
    Mono<Reply> start(
            Call call, String kind, String volume, Optional<String> made, Operations.Work work) {
        Optional<Duration> patience = call.patience();
        return Mono.defer(
                () -> {
                    Operation begun = operations.start(kind, volume, work);
                    return patience.map(limit -> operations.end(begun.id(), limit))
                            .orElseGet(() -> Mono.just(begun))
                            .map(now -> reply(now, made));
                });
    }

    private static Reply reply(Operation operation, Optional<String> made) {
        Failure failure = operation.failure();
        return switch (operation.state()) {
            case RUNNING ->
                    new Reply(
                            202,
                            VolumeJson.of(operation),
                            Map.of("Location", OperationCalls.PATH + "/" + operation.id()));
            case DONE -> {
                Map<String, String> headers = new LinkedHashMap<>();
                made.ifPresent(place -> headers.put("Location", place));
                yield new Reply(made.isPresent() ? 201 : 200, operation.result(), headers);
            }
            case FAILED ->
                    failure == null
                            ? Reply.of(VolumeJson.of(operation))
                            : Reply.error(failure.status(), failure.error());
        };
    }
}
