// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.host.facts;

import io.hostagent.core.docker.EngineInfo;
import io.hostagent.core.error.AgentException;
import java.util.Map;

/** The container engine that the agent is connected to. */
final class EngineFacts {

    private EngineFacts() {}

    static Part of(EngineInfo engine) {
        return new Part()
                .with("version", engine.serverVersion())
                .with("apiVersion", engine.api().newest().toString())
                .with("minimumApiVersion", engine.api().oldest().toString())
                .with("name", engine.name())
                .with("swarm", swarm(engine.swarm()));
    }

    static Part without(Throwable failure) {
        return failure instanceof AgentException known
                ? new Part().without("version", known.error().message(), known.error().details())
                : new Part()
                        .without(
                                "version",
                                "the engine does not answer in time",
                                "look at the engine on the host");
    }

    private static Map<String, Object> swarm(EngineInfo.SwarmState swarm) {
        return new Part()
                .with("member", swarm.member())
                .with("manager", swarm.manager())
                .with("nodeId", swarm.nodeId().isEmpty() ? null : swarm.nodeId())
                .values();
    }
}
