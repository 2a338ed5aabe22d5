// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.self;

import io.hostagent.core.cluster.Directory;
import io.hostagent.core.docker.registry.ContainerRegistry;
import io.hostagent.core.settings.AgentVersion;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import org.springframework.http.client.ReactorResourceFactory;

/** What the agent knows anyway: its engine, the other agents, its event loops. */
public final class CoreMeters implements MeterBinder {

    private final ContainerRegistry registry;
    private final Directory directory;
    private final ReactorResourceFactory eventLoops;

    /** Prepares to read these. */
    public CoreMeters(
            ContainerRegistry registry, Directory directory, ReactorResourceFactory eventLoops) {
        this.registry = registry;
        this.directory = directory;
        this.eventLoops = eventLoops;
    }

    @Override
    public void bindTo(MeterRegistry meters) {
        Gauge.builder("agent.build.info", () -> 1)
                .description("The version of the agent.")
                .tag("version", AgentVersion.read())
                .register(meters);
        Gauge.builder("agent.docker.up", registry, all -> all.engine().isPresent() ? 1 : 0)
                .description("Whether the container engine of this host answers.")
                .register(meters);
        Gauge.builder("agent.docker.containers", registry, all -> all.all().size())
                .description("Containers of this host, running or not, as last seen.")
                .register(meters);
        bindCluster(meters);
        bindLoops(meters);
    }

    private void bindCluster(MeterRegistry meters) {
        Gauge.builder("agent.cluster.nodes", directory, CoreMeters::present)
                .description("Nodes of the cluster by whether their agent answered when last seen.")
                .tag("state", "present")
                .register(meters);
        Gauge.builder("agent.cluster.nodes", directory, CoreMeters::absent)
                .description("Nodes of the cluster by whether their agent answered when last seen.")
                .tag("state", "absent")
                .register(meters);
        Gauge.builder("agent.cluster.view.age", directory, CoreMeters::age)
                .description(
                        "How long ago the cluster was looked at, which it is only when somebody"
                                + " asks for it; NaN: never.")
                .baseUnit("seconds")
                .register(meters);
    }

    private static double present(Directory directory) {
        return directory.last().map(last -> last.view().members().size()).orElse(0);
    }

    private static double absent(Directory directory) {
        return directory.last().map(last -> last.view().absent().size()).orElse(0);
    }

    private static double age(Directory directory) {
        return directory.last().map(last -> last.age().toNanos() / 1e9).orElse(Double.NaN);
    }

    private void bindLoops(MeterRegistry meters) {
        int number = 0;
        for (EventExecutor loop : eventLoops.getLoopResources().onServer(true)) {
            if (loop instanceof SingleThreadEventExecutor thread) {
                Gauge.builder(
                                "agent.event.loop.pending.tasks",
                                thread,
                                SingleThreadEventExecutor::pendingTasks)
                        .description("Tasks that wait for this event loop.")
                        .tag("loop", Integer.toString(number++))
                        .register(meters);
            }
        }
    }
}
