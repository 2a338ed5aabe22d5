// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.web;

import io.hostagent.capability.volumes.service.KnownVolume;
import io.hostagent.capability.volumes.service.Volumes;
import io.hostagent.capability.volumes.volume.OnRemove;
import io.hostagent.capability.volumes.volume.VolumeName;
import io.hostagent.core.concurrent.DiskThreads;
import io.hostagent.core.error.AgentException;
import io.hostagent.core.error.CallerException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** {@code /v2/volumes}: the volumes themselves. */
final class VolumeCalls {

    static final String ALL = VolumeApi.PREFIX + "s";
    static final String ONE = ALL + "/{name}";

    private final Volumes volumes;
    private final DiskThreads disk;
    private final LongWork work;

    VolumeCalls(Backing backing, LongWork work) {
        this.volumes = backing.volumes();
        this.disk = backing.disk();
        this.work = work;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.of("GET", ALL, call -> Mono.fromSupplier(this::list)),
                Endpoint.of("POST", ALL, this::create),
                Endpoint.of("GET", ONE, this::inspect, "details"),
                Endpoint.of("DELETE", ONE, this::remove, "onremove", LongWork.WAIT),
                Endpoint.of("POST", ONE + "/resize", this::resize, LongWork.WAIT),
                Endpoint.of("POST", ONE + "/clone", this::copy, LongWork.WAIT),
                Endpoint.of("GET", ONE + "/users", this::users),
                Endpoint.of("GET", VolumeApi.PREFIX + "-pools", call -> disk.call(this::pools)));
    }

    /**
     * A volume that is there.
     *
     * @throws CallerException 404 when it is not
     */
    static KnownVolume known(Volumes volumes, VolumeName name) {
        volumes.requireOpen();
        return volumes.find(name.value())
                .orElseThrow(
                        () ->
                                CallerException.notFound(
                                        "There is no volume " + name,
                                        "GET /v2/volumes lists those that there are"));
    }

    private Reply list() {
        volumes.requireOpen();
        return Reply.of(volumes.all().stream().map(VolumeJson::of).toList());
    }

    private Mono<Reply> create(Call call) {
        return Fields.read(call, "name", "options")
                .flatMap(
                        fields -> {
                            VolumeName name = fields.volume("name");
                            Map<String, String> options = fields.texts("options");
                            return disk.call(() -> create(name, options));
                        });
    }

    private Reply create(VolumeName name, Map<String, String> options) {
        boolean there = volumes.find(name.value()).isPresent();
        KnownVolume volume = volumes.create(name, options);
        return there ? Reply.of(volume) : Reply.made(volume);
    }

    private Mono<Reply> inspect(Call call) {
        KnownVolume volume = known(volumes, call.volume());
        return call.flag("details", false)
                ? disk.call(() -> details(volume))
                : Mono.just(Reply.of(volume));
    }

    private Reply details(KnownVolume volume) {
        VolumeName name = volume.record().name();
        Map<String, @Nullable Object> json = VolumeJson.of(volume);
        json.put("users", volumes.users(name).stream().map(VolumeJson::of).toList());
        json.put("usage", usage(name));
        return new Reply(200, json, Reply.of(volume).headers());
    }

    /** It cannot always be told; all else can, even so. */
    private Map<String, @Nullable Object> usage(VolumeName name) {
        try {
            return VolumeJson.of(volumes.usage(name));
        } catch (AgentException e) {
            Map<String, @Nullable Object> why = new LinkedHashMap<>();
            why.put("unknown", e.error().message() + ": " + e.error().details());
            return why;
        }
    }

    private Mono<Reply> remove(Call call) {
        VolumeName name = call.volume();
        Optional<OnRemove> how = call.parameter("onremove").map(VolumeCalls::how);
        KnownVolume known = known(volumes, name);
        OptionalLong expected = Preconditions.expected(call.headers(), known);
        if (how.orElse(known.record().spec().onRemove()) != OnRemove.DELETE) {
            return disk.call(() -> Reply.of(remove(known, how, expected)));
        }
        return work.start(
                call,
                "remove",
                name.value(),
                Optional.empty(),
                progress -> remove(known, how, expected));
    }

    private Map<String, @Nullable Object> remove(
            KnownVolume known, Optional<OnRemove> how, OptionalLong expected) {
        OnRemove became = volumes.remove(known.record().name(), how, expected);
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("name", known.record().name().value());
        json.put("id", known.record().id().toString());
        json.put("removed", became.word());
        return json;
    }

    private static OnRemove how(String word) {
        for (OnRemove how : OnRemove.values()) {
            if (how.word().equals(word)) {
                return how;
            }
        }
        throw CallerException.badRequest(
                "Invalid query parameter: onremove",
                Arrays.stream(OnRemove.values())
                        .map(OnRemove::word)
                        .collect(Collectors.joining(", ", "There are ", "")));
    }

    private Mono<Reply> resize(Call call) {
        VolumeName name = call.volume();
        OptionalLong expected = Preconditions.expected(call.headers(), known(volumes, name));
        return Fields.read(call, "size")
                .flatMap(
                        fields -> {
                            String size = fields.size("size");
                            return work.start(
                                    call,
                                    "resize",
                                    name.value(),
                                    Optional.empty(),
                                    progress ->
                                            VolumeJson.of(volumes.resize(name, size, expected)));
                        });
    }

    private Mono<Reply> copy(Call call) {
        VolumeName name = call.volume();
        known(volumes, name);
        return Fields.read(call, "to", "snapshot", "options")
                .flatMap(
                        fields -> {
                            VolumeName to = fields.volume("to");
                            Optional<String> snapshot = fields.snapshot("snapshot");
                            Map<String, String> options = fields.texts("options");
                            return work.start(
                                    call,
                                    "clone",
                                    name.value(),
                                    Optional.of(ALL + "/" + to),
                                    progress ->
                                            VolumeJson.of(
                                                    volumes.clone(name, snapshot, to, options)));
                        });
    }

    private Mono<Reply> users(Call call) {
        VolumeName name = call.volume();
        known(volumes, name);
        return disk.call(() -> Reply.of(volumes.users(name).stream().map(VolumeJson::of).toList()));
    }

    private Reply pools() {
        return Reply.of(volumes.pools().stream().map(VolumeJson::of).toList());
    }
}
