// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.web;

import io.hostagent.capability.volumes.service.Volumes;
import io.hostagent.capability.volumes.volume.SnapshotName;
import io.hostagent.capability.volumes.volume.VolumeName;
import io.hostagent.core.concurrent.DiskThreads;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** {@code /v2/volumes/{name}/snapshots}: what volumes once held, and going back to it. */
final class SnapshotCalls {

    static final String ALL = VolumeCalls.ONE + "/snapshots";
    static final String ONE = ALL + "/{snapshot}";

    /** Of one that nobody gave a name. */
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private final Volumes volumes;
    private final DiskThreads disk;
    private final LongWork work;
    private final Clock clock;

    SnapshotCalls(Backing backing, LongWork work) {
        this.volumes = backing.volumes();
        this.disk = backing.disk();
        this.clock = backing.clock();
        this.work = work;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.of("GET", ALL, this::list),
                Endpoint.of("POST", ALL, this::take, LongWork.WAIT),
                Endpoint.of("DELETE", ONE, this::delete),
                Endpoint.of("POST", VolumeCalls.ONE + "/restore", this::restore, LongWork.WAIT));
    }

    private Mono<Reply> list(Call call) {
        VolumeName name = call.volume();
        VolumeCalls.known(volumes, name);
        return disk.call(
                () -> Reply.of(volumes.snapshots(name).stream().map(VolumeJson::of).toList()));
    }

    private Mono<Reply> take(Call call) {
        VolumeName name = call.volume();
        VolumeCalls.known(volumes, name);
        return Fields.read(call, "name")
                .flatMap(
                        fields -> {
                            String snapshot =
                                    fields.snapshot("name")
                                            .orElseGet(() -> NAME.format(clock.instant()));
                            return work.start(
                                    call,
                                    "snapshot",
                                    name.value(),
                                    Optional.of(
                                            VolumeCalls.ALL
                                                    + "/"
                                                    + name
                                                    + "/snapshots/"
                                                    + snapshot),
                                    progress -> VolumeJson.of(volumes.snapshot(name, snapshot)));
                        });
    }

    private Mono<Reply> delete(Call call) {
        VolumeName name = call.volume();
        String snapshot = call.snapshot();
        VolumeCalls.known(volumes, name);
        return disk.call(
                () -> {
                    volumes.deleteSnapshot(name, snapshot);
                    return Reply.nothing();
                });
    }

    private Mono<Reply> restore(Call call) {
        VolumeName name = call.volume();
        OptionalLong expected =
                Preconditions.expected(call.headers(), VolumeCalls.known(volumes, name));
        return Fields.read(call, "snapshot")
                .flatMap(
                        fields -> {
                            String snapshot = SnapshotName.of(fields.required("snapshot"));
                            return work.start(
                                    call,
                                    "restore",
                                    name.value(),
                                    Optional.empty(),
                                    progress -> restore(name, snapshot, expected));
                        });
    }

    private Map<String, @Nullable Object> restore(
            VolumeName name, String snapshot, OptionalLong expected) {
        String before = volumes.restore(name, snapshot, expected);
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("name", name.value());
        json.put("restored", snapshot);
        json.put("before", before);
        return json;
    }
}
