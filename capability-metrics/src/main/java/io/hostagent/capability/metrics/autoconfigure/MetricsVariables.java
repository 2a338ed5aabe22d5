// SPDX-License-Identifier: Apache-2.0
package io.hostagent.capability.metrics.autoconfigure;

import io.hostagent.capability.metrics.container.ContainerSettings;
import io.hostagent.capability.metrics.container.SlowLane;
import io.hostagent.capability.metrics.node.NameFilter;
import io.hostagent.capability.metrics.node.NodeSettings;
import io.hostagent.capability.metrics.web.MetricsPart;
import io.hostagent.capability.metrics.web.PlainListener.Place;
import io.hostagent.core.settings.EnvironmentVariable;
import io.hostagent.core.settings.SettingsException;
import io.hostagent.core.settings.SettingsReader;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the variables of this capability; one that cannot be used is named in the exception. */
final class MetricsVariables {

    private static final int HIGHEST_PORT = 65_535;

    private final SettingsReader variables;

    MetricsVariables(SettingsReader variables) {
        this.variables = variables;
    }

    boolean openMetrics() {
        return variables.flag(MetricsSetting.METRICS_OPENMETRICS);
    }

    /**
     * The ports without TLS.
     *
     * @param agentPort that the agent listens on itself
     */
    List<Place> places(int agentPort) {
        InetAddress host = variables.address(MetricsSetting.METRICS_HOST);
        Map<Integer, String> taken = new HashMap<>(Map.of(agentPort, "AGENT_PORT"));
        List<Place> places = new ArrayList<>();
        place(MetricsSetting.METRICS_PORT, MetricsPart.ALL, host, taken).ifPresent(places::add);
        place(MetricsSetting.METRICS_NODE_PORT, MetricsPart.NODE, host, taken)
                .ifPresent(places::add);
        place(MetricsSetting.METRICS_CADVISOR_PORT, MetricsPart.CADVISOR, host, taken)
                .ifPresent(places::add);
        return places;
    }

    private Optional<Place> place(
            EnvironmentVariable variable,
            MetricsPart part,
            InetAddress host,
            Map<Integer, String> taken) {
        if (variables.value(variable).isEmpty()) {
            return Optional.empty();
        }
        int port = variables.number(variable, HIGHEST_PORT, "a port from 1 to 65535");
        String other = taken.putIfAbsent(port, variable.name());
        if (other != null) {
            throw new SettingsException(
                    variable.name() + "=" + port + " is also " + other + ": take another port");
        }
        return Optional.of(new Place(variable.name(), host, port, part));
    }

    NodeSettings node() {
        NodeSettings usual = NodeSettings.DEFAULTS;
        return new NodeSettings(
                names(MetricsSetting.METRICS_NODE_ENABLE).orElse(Set.of()),
                names(MetricsSetting.METRICS_NODE_DISABLE).orElse(Set.of()),
                variables.flag(MetricsSetting.METRICS_NODE_CPU_INFO),
                filter(
                        MetricsSetting.METRICS_NODE_FILESYSTEM_MOUNT_POINTS_INCLUDE,
                        MetricsSetting.METRICS_NODE_FILESYSTEM_MOUNT_POINTS_EXCLUDE,
                        usual.mountPoints()),
                filter(
                        MetricsSetting.METRICS_NODE_FILESYSTEM_TYPES_INCLUDE,
                        MetricsSetting.METRICS_NODE_FILESYSTEM_TYPES_EXCLUDE,
                        usual.fileSystemTypes()),
                time(MetricsSetting.METRICS_NODE_FILESYSTEM_MOUNT_TIMEOUT),
                filter(
                        MetricsSetting.METRICS_NODE_DISKSTATS_DEVICE_INCLUDE,
                        MetricsSetting.METRICS_NODE_DISKSTATS_DEVICE_EXCLUDE,
                        usual.disks()),
                filter(
                        MetricsSetting.METRICS_NODE_NETDEV_DEVICE_INCLUDE,
                        MetricsSetting.METRICS_NODE_NETDEV_DEVICE_EXCLUDE,
                        usual.networkCounters()),
                filter(
                        MetricsSetting.METRICS_NODE_NETCLASS_DEVICE_INCLUDE,
                        MetricsSetting.METRICS_NODE_NETCLASS_DEVICE_EXCLUDE,
                        usual.networkClass()),
                only(MetricsSetting.METRICS_NODE_NETSTAT_FIELDS, usual.netstatFields()),
                only(MetricsSetting.METRICS_NODE_VMSTAT_FIELDS, usual.vmstatFields()),
                filter(
                        MetricsSetting.METRICS_NODE_SYSTEMD_UNIT_INCLUDE,
                        MetricsSetting.METRICS_NODE_SYSTEMD_UNIT_EXCLUDE,
                        usual.systemdUnits()),
                variables.value(MetricsSetting.METRICS_NODE_TEXTFILE_DIRECTORY).map(Path::of));
    }

    ContainerSettings containers() {
        Optional<Set<String>> labels = names(MetricsSetting.METRICS_CONTAINER_LABELS);
        return new ContainerSettings(
                labels.orElse(ContainerSettings.DEFAULTS.labels()),
                labels.filter(names -> names.contains("*")).isPresent(),
                names(MetricsSetting.METRICS_CONTAINER_ENVIRONMENT).orElse(Set.of()),
                variables.flag(MetricsSetting.METRICS_CONTAINER_PER_CPU),
                variables.flag(MetricsSetting.METRICS_CONTAINER_ALL_CGROUPS),
                variables.flag(MetricsSetting.METRICS_CONTAINER_HOST_NETWORK),
                lane(
                        MetricsSetting.METRICS_CONTAINER_DISK_USAGE,
                        MetricsSetting.METRICS_CONTAINER_DISK_USAGE_INTERVAL,
                        MetricsSetting.METRICS_CONTAINER_DISK_USAGE_BUDGET),
                lane(
                        MetricsSetting.METRICS_CONTAINER_SOCKETS,
                        MetricsSetting.METRICS_CONTAINER_SOCKETS_INTERVAL,
                        MetricsSetting.METRICS_CONTAINER_SOCKETS_BUDGET),
                lane(
                        MetricsSetting.METRICS_CONTAINER_PROCESSES,
                        MetricsSetting.METRICS_CONTAINER_PROCESSES_INTERVAL,
                        MetricsSetting.METRICS_CONTAINER_PROCESSES_BUDGET));
    }

    private SlowLane lane(
            EnvironmentVariable on, EnvironmentVariable interval, EnvironmentVariable budget) {
        return new SlowLane(variables.flag(on), time(interval), time(budget));
    }

    private Duration time(EnvironmentVariable variable) {
        Duration time = variables.duration(variable);
        if (time.isZero()) {
            throw new SettingsException(
                    variable.name() + " is no time at all: it takes one such as 5s or 1m");
        }
        return time;
    }

    private Optional<Set<String>> names(EnvironmentVariable variable) {
        return variables
                .value(variable)
                .map(
                        text ->
                                Arrays.stream(text.split(",", -1))
                                        .map(String::strip)
                                        .filter(name -> !name.isEmpty())
                                        .collect(Collectors.toUnmodifiableSet()));
    }

    /** Whoever says what to take has said everything: the usual exceptions are none then. */
    private NameFilter filter(
            EnvironmentVariable include, EnvironmentVariable exclude, NameFilter usual) {
        Pattern only = expression(include);
        Pattern but = expression(exclude);
        return only == null && but == null ? usual : new NameFilter(only, but);
    }

    private NameFilter only(EnvironmentVariable variable, NameFilter usual) {
        Pattern only = expression(variable);
        return only == null ? usual : new NameFilter(only, null);
    }

    private @Nullable Pattern expression(EnvironmentVariable variable) {
        String text = variables.value(variable).orElse(null);
        try {
            return text == null ? null : Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new SettingsException(
                    variable.name()
                            + "="
                            + text
                            + " is no regular expression: "
                            + e.getDescription()
                            + " at character "
                            + (e.getIndex() + 1));
        }
    }
}
