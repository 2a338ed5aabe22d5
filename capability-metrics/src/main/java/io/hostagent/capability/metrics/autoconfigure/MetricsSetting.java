// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.autoconfigure;

import io.hostagent.core.settings.EnvironmentVariable;
import org.jspecify.annotations.Nullable;

/**
 * Every environment variable of this capability, but for its flag. {@code docs/configuration.md} is
 * compared with this list in a test.
 */
public enum MetricsSetting implements EnvironmentVariable {
    METRICS_OPENMETRICS(
            "0", "flag", "Whoever would rather have OpenMetrics, as Prometheus does, gets it."),
    METRICS_HOST("127.0.0.1", "IP address", "Address of the three ports without TLS."),
    METRICS_PORT(
            null,
            "1–65535",
            "Serves the paths of metrics, and nothing else, without TLS or token."),
    METRICS_NODE_PORT(
            null, "1–65535", "The same with the host's metrics at `/metrics`, as node_exporter."),
    METRICS_CADVISOR_PORT(
            null, "1–65535", "The same with the containers' metrics at `/metrics`, as cAdvisor."),
    METRICS_NODE_ENABLE(null, "names", "Collectors that run although they are off by default."),
    METRICS_NODE_DISABLE(null, "names", "Collectors that do not run."),
    METRICS_NODE_CPU_INFO("0", "flag", "`node_cpu_info`, the model of each processor."),
    METRICS_NODE_FILESYSTEM_MOUNT_POINTS_INCLUDE(
            null, "expression", "The only mount points of file systems that count."),
    METRICS_NODE_FILESYSTEM_MOUNT_POINTS_EXCLUDE(
            null, "expression", "Mount points of file systems that do not count."),
    METRICS_NODE_FILESYSTEM_TYPES_INCLUDE(
            null, "expression", "The only types of file systems that count."),
    METRICS_NODE_FILESYSTEM_TYPES_EXCLUDE(
            null, "expression", "Types of file systems that do not count."),
    METRICS_NODE_FILESYSTEM_MOUNT_TIMEOUT(
            "5s", "duration", "How long a file system has to answer."),
    METRICS_NODE_DISKSTATS_DEVICE_INCLUDE(null, "expression", "The only disks that count."),
    METRICS_NODE_DISKSTATS_DEVICE_EXCLUDE(null, "expression", "Disks that do not count."),
    METRICS_NODE_NETDEV_DEVICE_INCLUDE(
            null, "expression", "The only network interfaces whose traffic is told."),
    METRICS_NODE_NETDEV_DEVICE_EXCLUDE(
            null, "expression", "Network interfaces whose traffic is not told."),
    METRICS_NODE_NETCLASS_DEVICE_INCLUDE(
            null, "expression", "The only network interfaces whose properties are told."),
    METRICS_NODE_NETCLASS_DEVICE_EXCLUDE(
            null, "expression", "Network interfaces whose properties are not told."),
    METRICS_NODE_NETSTAT_FIELDS(null, "expression", "Fields of the `netstat` collector."),
    METRICS_NODE_VMSTAT_FIELDS(null, "expression", "Fields of the `vmstat` collector."),
    METRICS_NODE_SYSTEMD_UNIT_INCLUDE(null, "expression", "The only units of systemd that count."),
    METRICS_NODE_SYSTEMD_UNIT_EXCLUDE(null, "expression", "Units of systemd that do not count."),
    METRICS_NODE_TEXTFILE_DIRECTORY(
            null, "path", "Folder, as the agent sees it, of the `textfile` collector."),
    METRICS_CONTAINER_LABELS(
            null, "names or *", "Labels of containers that become `container_label_…`; `*`: all."),
    METRICS_CONTAINER_ENVIRONMENT(
            null, "names", "Variables of containers that become `container_env_…`."),
    METRICS_CONTAINER_PER_CPU(
            "0", "flag", "Processor time for each processor, where the kernel tells (cgroup v1)."),
    METRICS_CONTAINER_ALL_CGROUPS(
            "0", "flag", "Also what is no container: services and slices of systemd."),
    METRICS_CONTAINER_HOST_NETWORK(
            "0", "flag", "The host's interfaces also for containers with `--network host`."),
    METRICS_CONTAINER_DISK_USAGE(
            "0", "flag", "How much the files of each container take; it walks through them."),
    METRICS_CONTAINER_DISK_USAGE_INTERVAL(
            "1m",
            "duration",
            "How old that may be; fifty times as long as it took to find out, if that is more."),
    METRICS_CONTAINER_DISK_USAGE_BUDGET("10m", "duration", "How long one walk may take."),
    METRICS_CONTAINER_SOCKETS(
            "0", "flag", "Sockets of each container by their state; 10 ms for each container."),
    METRICS_CONTAINER_SOCKETS_INTERVAL(
            "1m",
            "duration",
            "How old that may be; fifty times as long as it took to find out, if that is more."),
    METRICS_CONTAINER_SOCKETS_BUDGET("10s", "duration", "How long one round may take."),
    METRICS_CONTAINER_PROCESSES(
            "0", "flag", "Descriptors, threads and limits of each container's processes."),
    METRICS_CONTAINER_PROCESSES_INTERVAL(
            "1m",
            "duration",
            "How old that may be; fifty times as long as it took to find out, if that is more."),
    METRICS_CONTAINER_PROCESSES_BUDGET("5s", "duration", "How long one round may take.");

    @SuppressWarnings("ImmutableEnumChecker") // a record of texts
    private final Description description;

    MetricsSetting(@Nullable String defaultValue, String takes, String meaning) {
        description = new Description(defaultValue, takes, meaning, false);
    }

    @Override
    public Description description() {
        return description;
    }
}
