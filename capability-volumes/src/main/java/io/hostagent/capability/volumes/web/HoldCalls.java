// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.web;

import io.hostagent.capability.volumes.service.KnownVolume;
import io.hostagent.capability.volumes.service.Volumes;
import io.hostagent.capability.volumes.volume.Hold;
import io.hostagent.capability.volumes.volume.VolumeName;
import io.hostagent.core.concurrent.DiskThreads;
import io.hostagent.core.error.CallerException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** {@code /v2/volumes/{name}/holds}: who does not want a volume to be removed or moved. */
final class HoldCalls {

    private static final String ALL = VolumeCalls.ONE + "/holds";
    private static final String ONE = ALL + "/{who}";

    private static final Pattern WHO = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9@:_.-]{0,63}");

    /** It is in the record of the volume, which has to stay small. */
    private static final int LONGEST_WHY = 200;

    private final Volumes volumes;
    private final DiskThreads disk;
    private final Clock clock;

    HoldCalls(Backing backing) {
        this.volumes = backing.volumes();
        this.disk = backing.disk();
        this.clock = backing.clock();
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.of("GET", ALL, call -> Mono.fromSupplier(() -> list(call))),
                Endpoint.of("GET", ONE, call -> Mono.fromSupplier(() -> one(call))),
                Endpoint.of("PUT", ONE, this::hold),
                Endpoint.of("DELETE", ONE, this::release));
    }

    private List<Hold> holds(Call call) {
        KnownVolume volume = VolumeCalls.known(volumes, call.volume());
        return volume.record().holdsAt(clock.instant());
    }

    private Reply list(Call call) {
        return Reply.of(holds(call).stream().map(VolumeJson::of).toList());
    }

    private Reply one(Call call) {
        String who = who(call);
        return holds(call).stream()
                .filter(hold -> hold.who().equals(who))
                .findFirst()
                .map(hold -> Reply.of(VolumeJson.of(hold)))
                .orElseThrow(
                        () ->
                                CallerException.notFound(
                                        who + " does not hold the volume",
                                        "A hold ends when it is let go, and at its time"));
    }

    private Mono<Reply> hold(Call call) {
        VolumeName name = call.volume();
        String who = who(call);
        VolumeCalls.known(volumes, name);
        return Fields.read(call, "why", "ttl")
                .flatMap(
                        fields -> {
                            String why = fields.text("why").orElse("");
                            if (why.length() > LONGEST_WHY) {
                                throw CallerException.badRequest(
                                        "Invalid request body",
                                        "why is longer than " + LONGEST_WHY + " characters");
                            }
                            Optional<Duration> ttl =
                                    fields.text("ttl").map(text -> TimeSpan.parse("ttl", text));
                            return disk.call(() -> hold(name, who, why, ttl));
                        });
    }

    private Reply hold(VolumeName name, String who, String why, Optional<Duration> ttl) {
        @Nullable Instant until = ttl.map(clock.instant()::plus).orElse(null);
        return Reply.of(volumes.hold(name, new Hold(who, why, until)));
    }

    private Mono<Reply> release(Call call) {
        VolumeName name = call.volume();
        String who = who(call);
        VolumeCalls.known(volumes, name);
        return disk.call(() -> Reply.of(volumes.release(name, who)));
    }

    private static String who(Call call) {
        String who = call.variable("who");
        if (!WHO.matcher(who).matches()) {
            throw CallerException.badRequest(
                    "This is no name for whoever holds a volume",
                    "It begins with a letter or digit and has up to 64 letters, digits and @:_.-");
        }
        return who;
    }
}
