// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.volumes.web;

import io.hostagent.capability.volumes.event.EventRing;
import io.hostagent.core.error.BusyException;
import io.hostagent.core.error.CallerException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import reactor.core.publisher.Mono;

/** {@code /v2/volume-events}: what happens to volumes, as server-sent events. */
final class EventCalls {

    /** Each is a connection that stays. */
    static final int MOST_FOLLOWERS = 100;

    private final EventRing events;

    EventCalls(EventRing events) {
        this.events = events;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.stream(
                        "GET", VolumeApi.PREFIX + "-events", this::answer, "after", "follow"));
    }

    private Mono<Void> answer(Call call) {
        OptionalLong after = after(call);
        if (!call.flag("follow", true)) {
            long from = after.orElse(0);
            return call.send(
                    Reply.of(
                            events.recent().stream()
                                    .filter(told -> told.id() > from)
                                    .map(VolumeJson::of)
                                    .toList()));
        }
        if (events.followers() >= MOST_FOLLOWERS) {
            throw new BusyException(
                    "Too many follow the events of volumes",
                    MOST_FOLLOWERS + " do; end some of them");
        }
        return new EventStream(events.follow(after))
                .answer(call.exchange().request(), call.exchange().response());
    }

    /** Where a client left off: by what it sends itself when it connects again, or as it asks. */
    private static OptionalLong after(Call call) {
        Optional<String> id =
                Optional.ofNullable(call.headers().get("Last-Event-ID"))
                        .filter(text -> !text.isEmpty())
                        .or(() -> call.parameter("after"));
        if (id.isEmpty()) {
            return OptionalLong.empty();
        }
        if (!id.get().matches("\\d{1,18}")) {
            throw CallerException.badRequest(
                    "This is no ID of an event", "It is a number, and 0 means all that are kept");
        }
        return OptionalLong.of(Long.parseLong(id.get()));
    }
}
