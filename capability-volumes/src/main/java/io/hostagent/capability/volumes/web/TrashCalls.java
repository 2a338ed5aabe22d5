// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.web;

import io.hostagent.capability.volumes.service.TrashedVolume;
import io.hostagent.capability.volumes.service.Volumes;
import io.hostagent.capability.volumes.volume.VolumeName;
import io.hostagent.core.concurrent.DiskThreads;
import io.hostagent.core.error.CallerException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** {@code /v2/volume-trash}: volumes that were removed and can be had back. */
final class TrashCalls {

    private static final String ALL = VolumeApi.PREFIX + "-trash";
    private static final String ONE = ALL + "/{id}";

    private final Volumes volumes;
    private final DiskThreads disk;
    private final LongWork work;

    TrashCalls(Backing backing, LongWork work) {
        this.volumes = backing.volumes();
        this.disk = backing.disk();
        this.work = work;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.of("GET", ALL, call -> disk.call(this::list)),
                Endpoint.of("DELETE", ALL, call -> empty(call, Optional.empty()), LongWork.WAIT),
                Endpoint.of("DELETE", ONE, this::emptyOne, LongWork.WAIT),
                Endpoint.of("POST", ONE + "/undelete", this::undelete));
    }

    private Reply list() {
        return Reply.of(volumes.trash().stream().map(VolumeJson::of).toList());
    }

    private Mono<Reply> emptyOne(Call call) {
        String id = call.variable("id");
        return disk.call(() -> trashed(id)).flatMap(found -> empty(call, Optional.of(found)));
    }

    private Mono<Reply> empty(Call call, Optional<TrashedVolume> which) {
        return work.start(
                call,
                "empty-trash",
                which.map(one -> one.name().value()).orElse(""),
                Optional.empty(),
                progress -> {
                    Map<String, @Nullable Object> json = new LinkedHashMap<>();
                    json.put(
                            "destroyed",
                            volumes.emptyTrash(which.map(TrashedVolume::id)).stream()
                                    .map(VolumeJson::of)
                                    .toList());
                    return json;
                });
    }

    private Mono<Reply> undelete(Call call) {
        return Fields.read(call, "as")
                .flatMap(
                        fields -> {
                            Optional<VolumeName> as = fields.text("as").map(VolumeName::of);
                            return disk.call(
                                    () -> {
                                        TrashedVolume found = trashed(call.variable("id"));
                                        return Reply.made(
                                                volumes.undelete(
                                                        found.name(), Optional.of(found.id()), as));
                                    });
                        });
    }

    /** By its ID, or the latest of a name. */
    private TrashedVolume trashed(String reference) {
        List<TrashedVolume> all = volumes.trash();
        return Stream.concat(
                        all.stream().filter(one -> one.id().toString().equals(reference)),
                        all.stream().filter(one -> one.name().value().equals(reference)))
                .findFirst()
                .orElseThrow(TrashCalls::noSuch);
    }

    private static CallerException noSuch() {
        return CallerException.notFound(
                "This is not in the trash of this host",
                "GET /v2/volume-trash lists what is; each host has its own");
    }
}
