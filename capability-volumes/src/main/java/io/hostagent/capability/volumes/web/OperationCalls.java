// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.web;

import io.hostagent.capability.volumes.operation.Operations;
import io.hostagent.core.concurrent.DiskThreads;
import io.hostagent.core.error.CallerException;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Mono;

/** {@code /v2/volume-operations}: what became of long work. */
final class OperationCalls {

    static final String PATH = VolumeApi.PREFIX + "-operations";

    private final Operations operations;
    private final DiskThreads disk;

    OperationCalls(Backing backing) {
        operations = backing.operations();
        disk = backing.disk();
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.of("GET", PATH, call -> disk.call(this::list)),
                Endpoint.of("GET", PATH + "/{id}", this::one, LongWork.WAIT));
    }

    private Reply list() {
        return Reply.of(operations.all().stream().map(VolumeJson::of).toList());
    }

    private Mono<Reply> one(Call call) {
        Duration patience = call.patience().orElse(Duration.ZERO);
        String id = call.variable("id");
        return Mono.defer(
                        () ->
                                patience.isZero()
                                        ? disk.call(() -> operations.find(id))
                                                .flatMap(Mono::justOrEmpty)
                                        : operations.end(id, patience))
                .map(operation -> Reply.of(VolumeJson.of(operation)))
                .switchIfEmpty(
                        Mono.error(
                                () ->
                                        CallerException.notFound(
                                                "There is no such operation",
                                                "They are forgotten an hour after their end, and"
                                                        + " when the agent starts anew")));
    }
}
