// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import io.hostagent.core.docker.Container;
import io.hostagent.core.docker.ContainerDetails;
import io.hostagent.core.docker.ContainerId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Containers as an engine would tell of them. */
final class Subjects {

    /** The one of the recorded trees. */
    static final String ID = "4f2a8d1c9b3e7605f1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f701";

    static final Instant CREATED = Instant.ofEpochSecond(1_700_000_000);
    static final Instant STARTED = Instant.ofEpochSecond(1_700_000_060);
    static final int PID = 4_711;

    private Subjects() {}

    static ContainerDetails recorded() {
        return container(ID, PID, "bridge", Map.of());
    }

    static ContainerDetails container(
            String id, int pid, String networkMode, Map<String, String> labels) {
        return new ContainerDetails(
                new Container(new ContainerId(id), "web", "nginx:1", "running", CREATED, labels),
                pid,
                STARTED,
                "healthy",
                0,
                "",
                networkMode,
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Map.of());
    }

    static ContainerDetails below(String cgroupParent) {
        ContainerDetails other = recorded();
        return new ContainerDetails(
                other.container(),
                other.pid(),
                other.started(),
                other.health(),
                other.restarts(),
                cgroupParent,
                other.networkMode(),
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Map.of());
    }
}
