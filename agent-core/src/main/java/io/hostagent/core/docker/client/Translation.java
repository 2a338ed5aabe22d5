// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.docker.client;

import com.github.dockerjava.api.model.Event;
import com.github.dockerjava.api.model.EventActor;
import com.github.dockerjava.api.model.EventType;
import com.github.dockerjava.api.model.Info;
import com.github.dockerjava.api.model.LocalNodeState;
import com.github.dockerjava.api.model.SwarmInfo;
import com.github.dockerjava.api.model.Version;
import io.hostagent.core.docker.ApiRange;
import io.hostagent.core.docker.ApiVersion;
import io.hostagent.core.docker.Container;
import io.hostagent.core.docker.ContainerEvent;
import io.hostagent.core.docker.ContainerId;
import io.hostagent.core.docker.EngineInfo;
import io.hostagent.core.docker.EngineInfo.SwarmState;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** docker-java's loosely filled objects into the agent's own. */
final class Translation {

    private Translation() {}

    static EngineInfo info(Info info, Version version) {
        ApiVersion newest = ApiVersion.parse(text(version.getApiVersion(), "1.24"));
        ApiVersion oldest = ApiVersion.parse(text(version.getMinAPIVersion(), "1.12"));
        return new EngineInfo(
                text(info.getId(), ""),
                text(info.getName(), ""),
                text(version.getVersion(), ""),
                new ApiRange(oldest, newest),
                swarm(info.getSwarm()),
                instant(info.getSystemTime()));
    }

    private static SwarmState swarm(@Nullable SwarmInfo swarm) {
        if (swarm == null) {
            return new SwarmState(false, false, "");
        }
        return new SwarmState(
                swarm.getLocalNodeState() == LocalNodeState.ACTIVE,
                Boolean.TRUE.equals(swarm.getControlAvailable()),
                text(swarm.getNodeID(), ""));
    }

    static Container container(com.github.dockerjava.api.model.Container container) {
        String[] names = container.getNames();
        String name = names == null || names.length == 0 ? "" : names[0];
        Long created = container.getCreated();
        Map<String, String> labels = container.getLabels();
        return new Container(
                new ContainerId(container.getId()),
                name.startsWith("/") ? name.substring(1) : name,
                text(container.getImage(), ""),
                text(container.getState(), ""),
                Instant.ofEpochSecond(created == null ? 0 : created),
                labels == null ? Map.of() : labels);
    }

    static Optional<ContainerEvent> event(Event event) {
        EventActor actor = event.getActor();
        if (actor == null) {
            return Optional.empty();
        }
        String action = text(event.getAction(), "");
        return event.getType() == EventType.NETWORK
                ? ofContainer(event, attribute(actor, "container"), ContainerEvent.NETWORK + action)
                : ofContainer(event, text(actor.getId(), ""), action);
    }

    /** What only concerns a network itself has no container. */
    private static Optional<ContainerEvent> ofContainer(Event event, String id, String action) {
        if (id.isEmpty()) {
            return Optional.empty();
        }
        Long nanos = event.getTimeNano();
        Instant at = nanos == null ? Instant.EPOCH : Instant.ofEpochSecond(0, nanos);
        return Optional.of(new ContainerEvent(new ContainerId(id), action, at));
    }

    private static String attribute(EventActor actor, String name) {
        Map<String, String> attributes = actor.getAttributes();
        return attributes == null ? "" : text(attributes.get(name), "");
    }

    private static Instant instant(@Nullable String text) {
        try {
            return text == null ? Instant.now() : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            return Instant.now();
        }
    }

    private static String text(@Nullable String value, String otherwise) {
        return value == null || value.isEmpty() ? otherwise : value;
    }
}
