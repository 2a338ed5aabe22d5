// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.container;

import java.time.Duration;
import java.util.Set;

/**
 * What is told of containers.
 *
 * <p>Where cAdvisor's own default differs: it sends all labels of all containers, which is what its
 * users turn off first, one CPU series per processor on cgroup v1, and the numbers of each service
 * and slice of systemd. The latter are some 50 series each that hardly a dashboard reads, so that
 * the default here is that of {@code --docker_only}: containers, and {@code id="/"}, which all
 * dashboards read for the host.
 *
 * <p>It also walks through the files of all containers each minute, its most expensive part by far.
 * Here that is {@code diskUsage}, and off; with it come {@code container_fs_usage_bytes}, {@code
 * container_fs_limit_bytes}, {@code container_fs_inodes_total} and {@code container_fs_inodes_free}
 * of containers. Those of {@code id="/"} cost one system call for each file system and are always
 * there.
 *
 * @param labels keys of those that become {@code container_label_KEY}, as the engine writes them
 * @param allLabels whether all of them do
 * @param environment names of variables that become {@code container_env_NAME}
 * @param perCpu one {@code container_cpu_usage_seconds_total} for each processor where the kernel
 *     counts them apart, which is on cgroup v1, instead of {@code cpu="total"}
 * @param allCgroups also services, slices and whatever else has a cgroup and is no container
 * @param hostNetwork whether the interfaces of the host are also those of containers with {@code
 *     --network host}
 * @param diskUsage of the writable layer and the log of each container
 * @param sockets of each container's network by their state, which costs 10 ms per container
 * @param processes descriptors, sockets, threads and limits of each container's processes
 */
public record ContainerSettings(
        Set<String> labels,
        boolean allLabels,
        Set<String> environment,
        boolean perCpu,
        boolean allCgroups,
        boolean hostNetwork,
        SlowLane diskUsage,
        SlowLane sockets,
        SlowLane processes) {

    /** What dashboards ask for, and what tells apart whose container it is. */
    private static final Set<String> USUAL_LABELS =
            Set.of(
                    "com.docker.compose.project",
                    "com.docker.compose.service",
                    "com.docker.stack.namespace",
                    "com.docker.swarm.node.id",
                    "com.docker.swarm.service.id",
                    "com.docker.swarm.service.name",
                    "com.docker.swarm.task.id",
                    "com.docker.swarm.task.name",
                    "io.kubernetes.container.name",
                    "io.kubernetes.pod.name",
                    "io.kubernetes.pod.namespace",
                    "org.label-schema.group");

    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** What is told unless somebody wants it otherwise. */
    public static final ContainerSettings DEFAULTS =
            new ContainerSettings(
                    USUAL_LABELS,
                    false,
                    Set.of(),
                    false,
                    false,
                    false,
                    SlowLane.off(MINUTE, Duration.ofMinutes(10)),
                    SlowLane.off(MINUTE, Duration.ofSeconds(10)),
                    SlowLane.off(MINUTE, Duration.ofSeconds(5)));

    public ContainerSettings {
        labels = Set.copyOf(labels);
        environment = Set.copyOf(environment);
    }
}
