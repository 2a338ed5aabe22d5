// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.web;

import io.hostagent.core.capability.AgentPath;
import io.hostagent.core.capability.AgentPath.Access;
import io.hostagent.core.capability.CapabilityDescriptor;
import io.hostagent.core.capability.CapabilityRegistry;
import io.hostagent.core.error.CallerException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which paths the agent answers itself, and who may come in by each. What is listed nowhere belongs
 * to the {@link CatchAll} and is open to callers only.
 */
final class Doors {

    /** What the core itself answers. A new public path needs a reason here. */
    private static final List<AgentPath> CORE =
            List.of(
                    // The whole of the agent's own interface, unless a capability says otherwise.
                    new AgentPath("/v2", Access.CALLER),
                    // An orchestrator's probe cannot sign; the answer is yes or no, nothing else.
                    new AgentPath("/v2/health/live", Access.PUBLIC),
                    new AgentPath("/v2/health/ready", Access.PUBLIC));

    /** Where a request goes. */
    sealed interface Door {

        /** To one of the agent's own routes. */
        record Own(Access access) implements Door {}

        /** To a capability that is off. */
        record Closed(CapabilityDescriptor capability) implements Door {

            CallerException error() {
                return CallerException.notFound(
                        "The capability '" + capability.name() + "' is off",
                        "Set " + capability.flag() + "=1 to turn it on");
            }
        }

        /** To the engine. */
        record Engine() implements Door {}
    }

    private record Entry(AgentPath path, Door door) {}

    private final List<Entry> entries = new ArrayList<>();

    Doors(CapabilityRegistry capabilities) {
        for (AgentPath path : CORE) {
            entries.add(new Entry(path, new Door.Own(path.access())));
        }
        for (CapabilityDescriptor capability : capabilities.all()) {
            boolean on = capabilities.isOn(capability);
            for (AgentPath path : capability.paths()) {
                entries.add(
                        new Entry(
                                path,
                                on ? new Door.Own(path.access()) : new Door.Closed(capability)));
            }
        }
        // Where two capabilities have a path, one that is on is enough to answer it.
        entries.sort(
                Comparator.comparingInt((Entry e) -> -e.path().prefix().length())
                        .thenComparing(e -> e.door() instanceof Door.Closed));
    }

    Door find(RequestPath path) {
        Optional<Entry> entry =
                entries.stream().filter(e -> e.path().covers(path.path())).findFirst();
        return entry.isPresent() ? entry.get().door() : new Door.Engine();
    }
}
